import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { JobError } from './errors.ts';

function sink(): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      done();
    },
  });
}

class Labeller extends Transform {
  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error?: Error | null, data?: unknown) => void,
  ): void {
    const text = chunk.toString();
    if (text.startsWith('!')) throw new JobError('label', `cannot label ${text}`);
    //+ const upper = text.toUpperCase();
    if (text.startsWith('?')) done(new JobError('label', `do not know ${text}`));
    else done(null, `${text}\n`);
  }
}

/** Prints labels for what comes in. */
export async function printLabels(parts: readonly string[]): Promise<void> {
  await pipeline(Readable.from(parts), new Labeller(), sink());
}

/** Prints without waiting for anything. */
export function throwLabels(parts: readonly string[]): void {
  const labeller = new Labeller();
  for (const part of parts) labeller.write(part);
}

async function* scans(codes: readonly string[]): AsyncGenerator<string> {
  for (const code of codes) {
    await null;
    if (code === '') throw new JobError('scan', `nothing scanned after ${codes[0]}`);
    yield code;
  }
}

/** Reads all codes. */
export async function scanAll(codes: readonly string[]): Promise<number> {
  let count = 0;
  for await (const code of scans(codes)) count += code.length;
  return count;
}

/** Reads them as a stream. */
export async function scanStream(codes: readonly string[]): Promise<void> {
  //+ await null;
  await pipeline(Readable.from(scans(codes)), sink());
}

/** A source that breaks. */
export function brokenBelt(id: string): Readable {
  const belt = new Readable({ read() {} });
  setTimeout(() => belt.destroy(new JobError(id, `the belt broke under ${id}`)), 1);
  return belt;
}
