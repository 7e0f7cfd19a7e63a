import { ProtocolError } from '../protocol-error.ts';

/** Takes lines and counted bytes from a stream of chunks. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  /** Bytes handed out so far. */
  consumed = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async #fill(): Promise<boolean> {
    while (this.#chunk.byteLength === 0) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#chunk = next.value;
    }
    return true;
  }

  /** At most `limit` bytes, or nothing at the end. */
  async some(limit: number): Promise<Uint8Array | undefined> {
    if (!(await this.#fill())) return undefined;
    const taken = this.#chunk.subarray(0, limit);
    this.#chunk = this.#chunk.subarray(taken.byteLength);
    this.consumed += taken.byteLength;
    return taken;
  }

  /** One line with its newline. */
  async line(limit: number, what: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    while (await this.#fill()) {
      const end = this.#chunk.indexOf(10);
      const piece = (await this.some(end < 0 ? this.#chunk.byteLength : end + 1)) ?? new Uint8Array();
      length += piece.byteLength;
      if (length > limit) throw new ProtocolError('too-large', `the ${what} is longer than ${limit} bytes`);
      pieces.push(piece);
      if (end >= 0) return Buffer.concat(pieces);
    }
    throw new ProtocolError('malformed', `it ends inside its ${what}`);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
