import { z } from 'zod';
import { list } from '../bounded';
import { counter } from './host';
import { MAX_AUDIT_WRITES, MAX_AUDIT_MASK, MAX_CODE, MAX_NAME, MAX_TEXT } from '../limits';

/** What the loader tells of who writes rps_cpus. */

const u32 = z.number().int().min(0).max(0xffffffff);

/** By which program it is told; or why it cannot be told, and what mends that. */
export const auditWay = {
  by: z.enum(['fexit', 'kprobe']).optional(),
  code: z.string().max(MAX_CODE).optional(),
  why: z.string().max(MAX_TEXT).optional(),
  hint: z.string().max(MAX_TEXT).optional(),
};

/** A call of store_rps_map(): a process that has written to rps_cpus of a receive queue. */
const maskWrite = z.object({
  /** CLOCK_MONOTONIC of the host, nanoseconds. */
  ns: counter,
  netns: u32,
  ifindex: u32,
  instance: u32,
  queue: z.number().int().min(0).max(65535),
  /** Of the process and of its thread, as the host itself numbers them, in no container. */
  pid: u32,
  tid: u32,
  uid: u32,
  /** The account that logged in, whatever the process has become since; absent where there was none, or nobody knows. */
  login: u32.optional(),
  /** The thread's name: whatever its program likes. */
  comm: z.string().max(MAX_NAME),
  /** How many bytes the kernel took, or a negative errno. */
  result: z.number().int(),
  /** The mask that was then in force, in the kernel's comma form; absent when it has more than 128 CPUs. */
  rps_cpus: z.string().max(MAX_AUDIT_MASK).optional(),
});
export type MaskWrite = z.output<typeof maskWrite>;

/** What was written since the last such frame. */
export const audit = z.object({
  type: z.literal('audit'),
  state: z.enum(['used', 'refused']),
  ...auditWay,
  writes: list(maskWrite, MAX_AUDIT_WRITES),
  /** Writes that were not seen, or that nobody had room for. */
  lost: counter,
});
