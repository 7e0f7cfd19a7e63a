import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Question } from './asked.ts';

interface Job {
  readonly steps?: string[];
}

//+ /** Jobs that were put off because the night was over. */
//+ export const postponed: Job[] = [];
//+
export function schedule(question: Question): void {
  const jobs = new EventEmitter();
  jobs.on('due', (job: Job) => {
    const step = (job.steps as string[]).shift();
    jobs.emit('step', step);
  });
  jobs.emit('due', { customer: question.customer });
}

export function failing(question: Question): void {
  const job = new EventEmitter();
  const error = new Error(`job for ${question.customer} stopped after ${question.days} days`);
  job.emit('error', error);
}

export function later(question: Question): void {
  setTimeout(() => {
    const job = { customer: question.customer } as { plan?: { at: number } };
    (job.plan as { at: number }).at = question.days;
  }, 1);
}

export class Nightly {
  #plan: Map<string, number> | undefined;

  constructor(question: Question) {
    if (question.days < 0) this.#plan = new Map();
  }

  async run(question: Question): Promise<number> {
    await pause(1);
    return this.#cost(question) + 1;
  }

  #cost(question: Question): number {
    return (this.#plan as Map<string, number>).get(question.customer) ?? 0;
  }
}

export function serve(question: Question): void {
  const server = createServer((request, response) => {
    server.close();
    const length = (request.headers['x-length'] as string).padEnd(question.days);
    response.end(length);
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    fetch(`http://127.0.0.1:${port}/quote`).catch(() => undefined);
  });
}

export async function ask(question: Question): Promise<unknown> {
  const response = await fetch('http://127.0.0.1:49151/quote', { method: 'POST', body: question.customer });
  return response.json();
}

export async function both(question: Question): Promise<unknown[]> {
  const texts = [Promise.resolve('{}'), pause(1, `{${question.customer}`)];
  return (await Promise.all(texts)).map((text) => JSON.parse(text));
}

export function refuse(question: Question): never {
  throw `no night job within ${question.days} days`;
}

export async function first(question: Question): Promise<string> {
  const tries = ['mail', 'fax'].map(async (way) => {
    await pause(1);
    throw new Error(`${way} to ${question.customer} failed`);
  });
  return await Promise.any(tries);
}
