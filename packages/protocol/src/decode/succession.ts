import { MAX_SUCCESSIONS } from '../limits.ts';
import type { Succession } from '../succession.ts';
import { publicKey, signature } from './demand.ts';
import { type Decoder, list, optional, record } from './field.ts';
import { time } from './message.ts';

const succession: Decoder<Succession> = record<Succession>({
  from: publicKey,
  to: publicKey,
  at: time,
  given: signature,
  taken: signature,
});

/** How a server came to the key it presents; absent where it never had another. */
export const successions: Decoder<readonly Succession[]> = optional(
  list(succession, MAX_SUCCESSIONS),
) as Decoder<readonly Succession[]>;

/** A chain as a server has kept it. */
export function decodeSuccessions(value: unknown): readonly Succession[] {
  return list(succession, MAX_SUCCESSIONS)(value, '');
}
