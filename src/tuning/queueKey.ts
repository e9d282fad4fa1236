/** A receive queue, as the loader's predictions name it. */
export interface QueueOf {
  readonly netns: number;
  readonly ifindex: number;
  readonly queue: number;
}

/** Tells a queue from all others that a host has now. */
export const queueKey = ({ netns, ifindex, queue }: QueueOf) => `${netns}:${ifindex}:${queue}`;
