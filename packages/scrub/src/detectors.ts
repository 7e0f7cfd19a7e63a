import type { Detector } from './detector.ts';
import { COLON_ADDRESS, IPV4 } from './detectors/address.ts';
import { CARD } from './detectors/card.ts';
import { EMAIL } from './detectors/email.ts';
import { ELEMENT, FLAG } from './detectors/flag.ts';
import { DRIVE_FOLDER, HOME_FOLDER } from './detectors/home-folder.ts';
import { IBAN } from './detectors/iban.ts';
import { LISTED } from './detectors/listed.ts';
import { PAIR } from './detectors/pair.ts';
import { PHONE } from './detectors/phone.ts';
import { PRIVATE_KEY } from './detectors/private-key.ts';
import { SCHEME } from './detectors/scheme.ts';
import { TOKEN } from './detectors/token.ts';
import { URL_CREDENTIALS } from './detectors/url-credentials.ts';

/**
 * Who looks at a text, in the order in which they win where two see the same place; at most 28. A new one is a file in
 * `detectors/`, a line here and, unless it serves a rule that is already there, a line in `RULES`.
 */
export const DETECTORS: readonly Detector[] = [
  PRIVATE_KEY,
  URL_CREDENTIALS,
  PAIR,
  FLAG,
  ELEMENT,
  SCHEME,
  TOKEN,
  EMAIL,
  CARD,
  IBAN,
  PHONE,
  IPV4,
  COLON_ADDRESS,
  DRIVE_FOLDER,
  HOME_FOLDER,
  LISTED,
];
