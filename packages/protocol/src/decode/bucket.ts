import type { Bucket } from '@fr/bucket';
import { MAX_BUCKET_FIELD } from '../limits.ts';
import { type Decoder, record, text } from './field.ts';

const field = text(MAX_BUCKET_FIELD);
const filled = text(MAX_BUCKET_FIELD, /./s, `1 to ${MAX_BUCKET_FIELD} characters`);

/** A bucket from the wire; program and location are never empty, the others may be unknown. */
export const bucket: Decoder<Bucket> = record<Bucket>({
  program: filled,
  programVersion: field,
  module: field,
  moduleVersion: field,
  location: filled,
});
