import { normaliseId } from '../ids.ts';
import { ProtocolError } from '../protocol-error.ts';
import { type Decoder, text } from './field.ts';

/** A UUID, parsed to bytes and printed again, so that what comes out is safe in a path. */
export const id: Decoder<string> = (value, path) => {
  const printed = typeof value === 'string' ? normaliseId(value) : undefined;
  if (printed === undefined) throw new ProtocolError('malformed', 'expected a UUID', { path });
  return printed;
};

/** A demand's id. */
export const demandId: Decoder<string> = text(64, /^[a-z0-9-]{1,64}$/, 'a demand id of a-z, 0-9 and -');

/** A bucket id. */
export const bucketIdText: Decoder<string> = text(27, /^b[a-z2-7]{26}$/, 'a bucket id');

/** A problem id. */
export const problemIdText: Decoder<string> = text(27, /^p[a-z2-7]{26}$/, 'a problem id');
