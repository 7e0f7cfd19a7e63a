/** What a program does that has no scrubber: a chain of plain expressions. Far fewer kinds than `@fr/scrub` knows. */
const CHAIN: readonly (readonly [RegExp, string])[] = [
  [
    /(["']?[\w.-]*(?:password|passwd|secret|token|api_?key)[\w.-]*["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    '$1[removed]',
  ],
  [/\b(?:ghp|gho|ghs|ghu|ghr)_\w{30,}|\bAKIA[A-Z0-9]{16}\b|\bsk[-_]\w{20,}|\bxox[abp]-[\w-]+/g, '[removed]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[removed]'],
  [/\b(Bearer|Basic) [\w+/=.-]+/gi, '$1 [removed]'],
  [/:\/\/[^\s/@]+@/g, '://[removed]@'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[removed]'],
  [/\b(?:\d[ -]?){13,19}\b/g, '[removed]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[removed]'],
  [/\/(?:home|Users)\/[\w.-]+/g, '~'],
];

/** Every expression over the whole text, one after the other. */
export function scrubWithExpressions(text: string): string {
  return CHAIN.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), text);
}
