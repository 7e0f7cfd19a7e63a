import { ProtocolError } from '../protocol-error.ts';
import { PROTOCOL_VERSION } from '../version.ts';
import { type Decoder, integer } from './field.ts';

/** The version a message states; a higher one is refused with its own code, so that the peer can fall back. */
export const protocolVersion: Decoder<number> = (value, path) => {
  const version = integer(1, 1_000_000)(value, path);
  if (version <= PROTOCOL_VERSION) return version;
  throw new ProtocolError(
    'unsupported-version',
    `protocol ${version} is not spoken here, ${PROTOCOL_VERSION} is`,
    { path },
  );
};

/** Milliseconds since 1970, up to the year 5138. */
export const time: Decoder<number> = integer(0, 100_000_000_000_000);
