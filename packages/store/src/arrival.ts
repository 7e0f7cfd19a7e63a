/**
 * The way in for a frame, the same for every driver: header → held already? → gate → payload. Nothing is asked of
 * the driver's storage before the gate has spoken, and not a byte of payload is waited for after it said no.
 * @module
 */
import { type EntryHeader, type FramePiece, ProtocolError, readFrame } from '@fr/protocol';
import type { Credit, EntryGate, StoredEntry } from './contract/entries.ts';

/** Where a driver puts the bytes of an admitted frame until it is known to be whole. */
export interface Landing {
  write(chunk: Uint8Array): Promise<void>;
  /** Forgets what was written. Must not throw. */
  discard(): Promise<void>;
}

/** What a driver tells about itself to {@link receiveFrame}. */
export interface ArrivalSteps<L extends Landing> {
  readonly held: (entryId: string) => StoredEntry | undefined;
  readonly gate: EntryGate;
  readonly land: (header: EntryHeader) => Promise<L>;
}

/** A frame that is whole and has the hash it states; `landing` holds exactly its bytes. */
export interface WholeFrame<L extends Landing> {
  readonly arrival: 'whole';
  readonly header: EntryHeader;
  /** Bytes of the first two lines. */
  readonly headBytes: number;
  readonly bytes: number;
  readonly digest: string;
  readonly credits: readonly Credit[];
  readonly landing: L;
}

export type Arrival<L extends Landing> =
  | WholeFrame<L>
  | { readonly arrival: 'duplicate'; readonly entry: StoredEntry }
  | { readonly arrival: 'refused'; readonly reason: string };

/** Throws what the frame, the gate or the landing throws, after discarding what had landed. */
export async function receiveFrame<L extends Landing>(
  frame: AsyncIterable<Uint8Array>,
  steps: ArrivalSteps<L>,
): Promise<Arrival<L>> {
  const tee = new Tee(frame);
  const pieces = readFrame(tee.chunks());
  const first = await pieces.next();
  if (first.done || first.value.kind !== 'header')
    throw new ProtocolError('malformed', 'a frame without header');
  const { header, bytes: headBytes } = first.value;
  const held = steps.held(header.entryId);
  if (held) return leave(pieces, { arrival: 'duplicate', entry: held });
  const verdict = await steps.gate(header);
  if (!verdict.admit) {
    // A copy of this frame may have been stored while the gate was asked, and have met what this one is refused for.
    const copy = steps.held(header.entryId);
    if (copy) return leave(pieces, { arrival: 'duplicate', entry: copy });
    return leave(pieces, { arrival: 'refused', reason: verdict.reason });
  }
  const landing = await steps.land(header);
  try {
    await tee.flow(landing);
    const { digest, bytes } = await lastPiece(pieces);
    return { arrival: 'whole', header, headBytes, bytes, digest, credits: verdict.credits, landing };
  } catch (cause) {
    await landing.discard();
    throw cause;
  }
}

/** The reason under which a frame that broke off or did not add up is counted. */
export function brokenFrameReason(cause: unknown): string {
  return cause instanceof ProtocolError ? cause.code : 'interrupted';
}

/** Lets the sender go without waiting for it: its payload may never come. */
function leave<T>(pieces: AsyncGenerator<FramePiece>, result: T): T {
  pieces.return(undefined).catch(() => undefined);
  return result;
}

async function lastPiece(
  pieces: AsyncGenerator<FramePiece>,
): Promise<{ readonly digest: string; readonly bytes: number }> {
  for await (const piece of pieces) if (piece.kind === 'end') return piece;
  throw new ProtocolError('malformed', 'the frame has no end');
}

/** Passes chunks on to the reader and, once there is a landing, the same bytes to that; before, it keeps them. */
class Tee {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #waiting: Uint8Array[] = [];
  #landing: Landing | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#source) {
      if (this.#landing) await this.#landing.write(chunk);
      else this.#waiting.push(chunk);
      yield chunk;
    }
  }

  async flow(landing: Landing): Promise<void> {
    for (const chunk of this.#waiting.splice(0)) await landing.write(chunk);
    this.#landing = landing;
  }
}
