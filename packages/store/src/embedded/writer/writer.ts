/**
 * The calling thread's end of the writer's thread. States: starting → ready → (failed) → closed. Orders queue here up
 * to a limit and then are refused as `busy`, so that a slow disk shows before memory grows. When the thread dies, all
 * that waits is rejected and the store stops writing.
 * @module
 */
import { Worker } from 'node:worker_threads';
import { StoreError } from '../../contract/store-error.ts';
import type { Condition } from '../condition.ts';
import type { Fence } from '../folder/fence.ts';
import type { Fault } from '../sqlite/fault.ts';
import { threadArguments, threadFile } from '../thread-file.ts';
import type { WriteKind, WriteOrder, WriteReply, WriterMessage, WriterSetup, Writes } from './write.ts';

/** What may wait for the disk: writes, and bytes they carry. */
const MAX_WAITING = 4_096;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** How long the process is kept after the last reply. */
const LET_GO_MS = 20;

interface Waiting {
  readonly resolve: (give: unknown) => void;
  readonly reject: (error: StoreError) => void;
  readonly bytes: number;
}

/** Thrown by {@link startWriter} with the fault, so that a damaged file can be told from a full disk. */
export class WriterStartError extends StoreError {
  readonly corrupt: boolean;

  constructor(fault: Fault) {
    super(fault.code, fault.message);
    this.corrupt = fault.corrupt;
  }
}

export class Writer {
  readonly #thread: Worker;
  readonly #condition: Condition;
  readonly #waiting = new Map<number, Waiting>();
  #bytes = 0;
  #nextId = 1;
  #closing = false;
  #held = false;
  #lettingGo: NodeJS.Timeout | undefined;
  #ended: StoreError | undefined;

  constructor(thread: Worker, condition: Condition) {
    this.#thread = thread;
    this.#condition = condition;
    thread.on('message', (message: WriterMessage) => {
      if (message.say === 'replies') for (const reply of message.replies) this.#settle(reply);
    });
    thread.on('error', (cause) => this.#end(cause));
    thread.on('exit', () => this.#end(new Error('its thread ended')));
    thread.unref();
  }

  /** Resolves when the write is durable. `bytes`: about how much it carries. */
  async write<K extends WriteKind>(
    kind: K,
    take: Writes[K]['take'],
    bytes = 500,
  ): Promise<Writes[K]['give']> {
    if (this.#ended) throw this.#ended;
    if (this.#waiting.size >= MAX_WAITING || this.#bytes + bytes > MAX_WAITING_BYTES)
      throw new StoreError('busy', `${this.#waiting.size} writes wait for the disk; try again later`);
    const id = this.#nextId++;
    return new Promise<Writes[K]['give']>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (give) => resolve(give as Writes[K]['give']), reject, bytes });
      this.#bytes += bytes;
      this.#hold();
      this.#thread.postMessage({ id, kind, take, bytes } as WriteOrder);
    });
  }

  /** Lets what waits finish, then closes the file. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#closing = true;
    this.#thread.ref();
    const gone = new Promise((resolve) => this.#thread.once('exit', resolve));
    this.#thread.postMessage('close');
    await gone;
  }

  /** The process stays while a reply is due. */
  #hold(): void {
    if (!this.#held) this.#thread.ref();
    this.#held = true;
  }

  /** Not at once: under load the next write is about to come, and each change costs more than the write itself. */
  #letGoSoon(): void {
    this.#lettingGo ??= setTimeout(() => {
      this.#lettingGo = undefined;
      // While it closes, the process has to wait for the thread, not for a reply.
      if (this.#waiting.size > 0 || this.#closing) return;
      this.#thread.unref();
      this.#held = false;
    }, LET_GO_MS).unref();
  }

  #settle(reply: WriteReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    this.#bytes -= waiting.bytes;
    if (this.#waiting.size === 0) this.#letGoSoon();
    if ('give' in reply) {
      waiting.resolve(reply.give);
      return;
    }
    if (reply.fault.lasting) this.#condition.failWriting(reply.fault.message);
    waiting.reject(new StoreError(reply.fault.code, reply.fault.message));
  }

  #end(cause: unknown): void {
    if (this.#ended) return;
    const message = `the store's writer has stopped: ${cause instanceof Error ? cause.message : cause}`;
    this.#ended = new StoreError('storage-failed', message, { cause });
    if (!this.#condition.closed) this.#condition.failWriting(message);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
    this.#bytes = 0;
  }
}

export interface StartedWriter {
  readonly writer: Writer;
  /** The file was new. */
  readonly created: boolean;
  readonly fence: Fence;
  /** What a person should know of the start. */
  readonly notices: readonly string[];
  /** What was acknowledged is missing. */
  readonly hasLost: boolean;
}

/** Starts the thread and waits until it holds the file. */
export async function startWriter(setup: WriterSetup, condition: Condition): Promise<StartedWriter> {
  const thread = new Worker(threadFile('writer', 'writer-thread'), {
    workerData: setup,
    name: 'fr-store-writer',
    stdin: false,
    execArgv: [...threadArguments()],
  });
  const { created, fence, notices, hasLost } = await new Promise<Omit<StartedWriter, 'writer'>>(
    (resolve, reject) => {
      thread.once('error', reject);
      thread.once('message', (message: WriterMessage) => {
        if (message.say === 'ready') resolve(message);
        else if (message.say === 'unable') reject(new WriterStartError(message.fault));
      });
    },
  );
  return { writer: new Writer(thread, condition), created, fence, notices, hasLost };
}
