/** One rule as data: what a person may read, a site may list and a receipt may name. */
export interface Rule {
  /** Stable name; what is removed under it reads `[removed:ID]` (home folders read `~`). */
  readonly id: string;
  /** Why this must not travel. */
  readonly reason: string;
  /** What it recognises, in words. */
  readonly matches: string;
  /** True when a local setting may disable it. Rules for credentials never can be. */
  readonly optional: boolean;
}

const CREDENTIAL = 'whoever reads it can act as its owner';
const PERSON = 'it names or finds a person';

function credential<const Id extends string>(id: Id, matches: string): Rule & { readonly id: Id } {
  return { id, reason: CREDENTIAL, matches, optional: false };
}

function personal<const Id extends string>(id: Id, matches: string): Rule & { readonly id: Id } {
  return { id, reason: PERSON, matches, optional: true };
}

/**
 * Every rule, in the order in which they win where two see the same text. `listed` is off until
 * `extraTexts` names something.
 */
export const RULES: readonly Rule[] = [
  credential('private-key', 'PEM, OpenSSH and PGP private key blocks, whole or cut off'),
  credential('url-credentials', 'user:password@ or token@ in front of the host of a URL'),
  credential('authorization', 'Authorization and Proxy-Authorization headers; Bearer and Basic credentials'),
  credential('cookie', 'Cookie and Set-Cookie headers'),
  credential('secret', 'the value of a key that names a secret: key=value, key: value, JSON, flags, XML'),
  credential('fr-token', 'reporter keys and site tokens of fr itself: frk_, frs_'),
  credential('aws-key', 'AWS access key ids: AKIA, ASIA, ABIA, ACCA'),
  credential('github-token', 'ghp_, gho_, ghu_, ghs_, ghr_, github_pat_'),
  credential('gitlab-token', 'glpat-, gldt-, glrt- and the other gl…- tokens'),
  credential('slack-token', 'xoxb-, xoxp-, xapp- and relatives, incoming webhook addresses'),
  credential('stripe-key', 'sk_live_, sk_test_, rk_live_, rk_test_, whsec_'),
  credential('npm-token', 'npm_ and 36 characters'),
  credential('google-key', 'AIza API keys, GOCSPX- client secrets, ya29. access tokens, 1// refresh tokens'),
  credential('model-api-key', 'keys of model providers: sk-, sk-ant-, hf_, gsk_, r8_, pplx-, xai-'),
  credential('jwt', 'JSON web tokens: three or five base64url parts that begin with eyJ'),
  credential('vendor-token', 'other tokens with a published, distinctive prefix'),
  credential('entropy', 'a long value that looks random after = or :'),
  personal('email', 'e-mail addresses, also with %40'),
  personal('card', 'payment card numbers with a known issuer and a right check digit'),
  personal('iban', 'international bank account numbers with a right check sum'),
  personal('phone', 'phone numbers in international form: +49 30 1234567'),
  personal('ip', 'IPv4 and IPv6 addresses but loopback and unspecified ones; not versions, not positions'),
  personal('mac', 'hardware addresses of network cards'),
  personal('home-folder', '/home/NAME, /Users/NAME, C:\\Users\\NAME, replaced by ~'),
  { ...personal('listed', 'texts that the local settings list'), optional: false },
];

/** The rules a local setting may disable. */
export type OptionalRule = 'email' | 'card' | 'iban' | 'phone' | 'ip' | 'mac' | 'home-folder';
