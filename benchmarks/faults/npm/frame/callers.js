import { EventEmitter } from 'node:events';

function runNow(job, input) {
  return job(input);
}

function runLater(job, input) {
  setTimeout(() => {
    const result = job(input);
    return result;
  }, 1);
}

function runBatch(job, input) {
  return [input].map((one) => runNow(job, one));
}

class Nightly {
  #held = false;

  async run(job, input) {
    await this.#lock();
    const result = await job(input);
    return result;
  }

  async #lock() {
    await null;
    this.#held = !this.#held;
  }
}

class Mailbox extends EventEmitter {
  deliver(job, input) {
    this.once('mail', (mail) => job(mail));
    this.emit('mail', input);
  }
}

/** The ways in which jobs are started. */
export const callers = {
  now: runNow,
  later: runLater,
  batch: runBatch,
  nightly: (job, input) => new Nightly().run(job, input),
  mailbox: (job, input) => new Mailbox().deliver(job, input),
};
