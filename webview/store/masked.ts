/** Queues of one interface that share one rps_cpus mask. */
export interface Masked {
  readonly namespace: string;
  readonly name: string;
  /** Receive queue numbers, as a list of ranges. */
  readonly queues: string;
  /** CPU numbers, as a list of ranges. */
  readonly cpus: string;
}
