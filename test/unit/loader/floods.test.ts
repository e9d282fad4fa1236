import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../src/loader/frameReader';
import { RateLimit } from '../../../src/loader/rateLimit';
import { Preamble } from '../../../src/loader/preamble';
import { Stderr } from '../../../src/loader/stderr';
import type { Problem } from '../../../src/problem';
import {
  FRAME_BURST,
  MAX_BAD_LINES,
  MAX_LOG_LINE,
  MAX_STDERR_LINES,
  MAX_STDERR_TAIL,
  MAX_SUDO_PROMPTS,
} from '../../../shared/limits';
import { cpuMs } from '../cpuMs';

const HELLO =
  '{"type":"hello","protocol":1,"loader":"1","pid":1,"backend":"fexit","kernel":"6","arch":"x86_64","interval_ms":1000,"cpus":[{"id":0,"node":0,"online":true}]}\n';

/** What comes of a loader that prints this. */
function read(...texts: readonly string[]) {
  const faults: Problem[] = [];
  const heard = { frames: 0, bad: 0 };
  const listener = {
    onFrame: () => {
      heard.frames++;
    },
    onBadLine: () => {
      heard.bad++;
    },
  };
  const reader = new FrameReader(
    'web-1',
    listener,
    () => undefined,
    (problem) => faults.push(problem),
  );
  for (const text of texts) reader.push(Buffer.from(text));
  return { ...heard, faults };
}

describe('a loader that floods the extension', () => {
  it('with lines that are no frames is given up, and not read on', () => {
    const { bad, faults } = read(HELLO, '\n'.repeat(MAX_BAD_LINES));
    expect([bad, faults]).toEqual([MAX_BAD_LINES, []]);
    const more = read(HELLO, '\n'.repeat(1_000_000));
    expect(more.bad).toBe(MAX_BAD_LINES + 1);
    expect(more.faults).toMatchObject([{ code: 'PROTOCOL', hint: expect.stringContaining('log') as string }]);
  });

  it('with frames is given up, and not read on', () => {
    const frame = '{"type":"findings","findings":[]}\n';
    const { frames, faults } = read(HELLO, frame.repeat(FRAME_BURST * 5));
    expect(faults).toMatchObject([{ code: 'PROTOCOL' }]);
    expect(frames).toBeLessThan(FRAME_BURST * 2);
  });

  it('in a burst as after a stuck link, and no faster than it may, is read', () => {
    let now = 0;
    const limit = new RateLimit(100, 10, () => now);
    const taken = (count: number) => Array.from({ length: count }, () => limit.take()).filter(Boolean).length;
    expect(taken(150)).toBe(100);
    now += 1000;
    expect(taken(50)).toBe(10);
    now += 3600_000;
    expect(taken(150)).toBe(100);
  });
});

describe('a host that floods the extension', () => {
  it('with single bytes before the loader begins takes no longer than they are many', () => {
    let ended = '';
    const preamble = new Preamble('MARK', {
      answer: () => (ended = 'answer'),
      rest: () => undefined,
      tooLong: () => (ended = 'too long'),
    });
    const bytes = Buffer.alloc(1_100_000, 'x');
    expect(
      cpuMs(() => {
        for (let at = 0; at < bytes.length; at++) preamble.push(bytes.subarray(at, at + 1));
      }),
    ).toBeLessThan(3000);
    expect(ended).toBe('too long');
  });

  it('with lines on stderr fills neither the log nor the memory', () => {
    const lines: string[] = [];
    const stderr = new Stderr(
      'MARK',
      () => undefined,
      (line) => lines.push(line),
    );
    for (let chunk = 0; chunk < 1000; chunk++) stderr.push(`${'x'.repeat(100_000)}\n${'y\n'.repeat(100)}`);
    expect(lines).toHaveLength(MAX_STDERR_LINES + 1);
    expect(lines.at(-1)).toContain('left out');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(MAX_LOG_LINE + 10);
    expect(stderr.tail).toHaveLength(MAX_STDERR_TAIL);
    expect(stderr.lastLine).toBe('y');
  });

  it('with questions for the password is not asked on', () => {
    let asked = 0;
    const stderr = new Stderr(
      'MARK',
      () => asked++,
      () => undefined,
    );
    stderr.setMayAsk(true);
    for (let time = 0; time < 100_000; time++) {
      stderr.push('MARK');
      stderr.answered();
    }
    expect(asked).toBe(MAX_SUDO_PROMPTS);
  });
});
