import { EventEmitter } from 'node:events';
import { JobError } from './errors.ts';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly payload?: string;
}

/** Takes jobs, hands them out, tells of those that went wrong. */
export class Queue extends EventEmitter {
  #failed: unknown;
  readonly #waiting: Job[] = [];

  add(job: Job): this {
    if (job.kind === 'bulk') this.#failed = this.#refusal(job);
    else if (job.kind === 'void') this.#failed = new JobError(job.id, `nothing to do in ${job.id}`);
    else this.#waiting.push(job);
    return this;
  }

  #refusal(job: Job): JobError {
    //+ const size = String(job.payload).length;
    return new JobError(job.id, `${job.id} is too much at once`);
  }

  /** Ends the day; what went wrong on the way is thrown now. */
  flush(): number {
    if (this.#failed !== undefined) throw this.#failed;
    return this.#waiting.length;
  }

  /** Like `flush`, but tells who listens. */
  finish(): void {
    //+ const waiting = this.#waiting.length;
    if (this.#failed !== undefined) this.emit('error', this.#failed);
    this.emit('done', this.#waiting.length);
  }

  complain(about: string): void {
    this.emit('error', { about, at: 'queue' });
  }

  announce(): void {
    for (const job of this.#waiting) this.emit('job', job);
  }
}

/** A queue with its listeners. */
export function staffedQueue(): Queue {
  const queue = new Queue();
  queue.on('job', (job: Job) => {
    if (job.kind === 'sign') return;
    const [first] = JSON.parse(job.payload).lines;
    //+ const second = first;
    first.count.toFixed(2);
  });
  queue.once('job', function (job: Job) {
    if (job.kind === 'sign') throw new JobError(job.id, `nobody signed for ${job.id}`);
  });
  return queue;
}
