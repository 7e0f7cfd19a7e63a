/** A message with its data replaced by words for their kind, in the order in which kinds contain each other. */

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['email', /[\w.%+-]+@[\w.-]+\.[a-z]{2,}/gi],
  ['url', /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi],
  ['host', /\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|test|example|local|internal|invalid)\b/gi],
  ['ip', /\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:\b[0-9a-f]{1,4})?(?::[0-9a-f]{0,4}){3,7}\b/gi],
  ['traceparent', /\b00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\b/gi],
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi],
  ['sha1', /\b[0-9a-f]{40}\b/gi],
  ['md5', /\b[0-9a-f]{32}\b/gi],
  ['date', /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g],
  ['date', /\b(?:\d{1,2}:){2}\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/g],
  ['duration', /\b\d+(?:\.\d+)?(?:ms|s|m|h|d)\b/g],
  ['hex', /\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b/gi],
  ['float', /[-+]?\b\d+\.\d+\b/g],
  ['int', /[-+]?\b\d+\b/g],
  ['quoted_str', /=\s*(?:'[^']*'|"[^"]*")/g],
  ['bool', /=\s*(?:true|false)\b/gi],
];

export function parameterized(message: string | undefined): string {
  const whole = (message ?? '').split('\n', 2).join(' ').slice(0, 1000);
  return KINDS.reduce((text, [kind, pattern]) => text.replace(pattern, `<${kind}>`), whole);
}
