import { BLANK, DASH, is, QUOTE, SPACE, skip, WORD } from '../character.ts';
import { markerEnd } from '../marker.ts';
import { before, type Finding, type Page } from '../page.ts';
import { judgeKey } from '../secret-keys.ts';
import { bareValue, quotedValue, quoteOpens } from '../value.ts';

/** `--password x` on a command line or in a printed argument list, and `<password>x</password>`. */

const NAME_LIMIT = 60;

/** Wakes at `-`. */
export function detectFlag(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  if (text[at + 1] !== '-' || is(before(page, at), WORD | DASH)) return undefined;
  const nameEnd = skip(text, at + 2, WORD | DASH, at + NAME_LIMIT);
  const quoted = quoteOpens(text, nameEnd);
  let from = quoted < 0 ? nameEnd : nameEnd + quoted + 1;
  if (quoted >= 0 && text[from] === ',') from += 1;
  const start = skip(text, from, quoted < 0 ? BLANK : SPACE, from + 8);
  if (start === nameEnd || start >= text.length || text[start] === '-' || text[start] === '<')
    return undefined;
  const phrase = judgeKey(settings.keys, text, at + 2, nameEnd);
  if (phrase === undefined) return undefined;
  const escapes = quoteOpens(text, start);
  if (quoted >= 0 && escapes < 0) return undefined;
  const value = escapes < 0 ? bareValue(text, start) : quotedValue(text, start, escapes);
  if (value.end <= value.start || markerEnd(text, value.start) === value.end) return undefined;
  return { rule: phrase.rule, start: value.start, end: value.end };
}

/** Wakes at `>`. */
export function detectElement(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  const limit = Math.max(page.floor, at - NAME_LIMIT);
  let start = at;
  while (start > limit && (is(text.charCodeAt(start - 1), WORD | DASH) || text[start - 1] === '.'))
    start -= 1;
  const previous = before(page, start);
  if (start === at || (previous !== 60 && previous !== 58)) return undefined;
  if (judgeKey(settings.keys, text, start, at) === undefined) return undefined;
  let end = at + 1;
  while (end < text.length && text[end] !== '<' && text[end] !== '\n' && !is(text.charCodeAt(end), QUOTE))
    end += 1;
  if (text[end] !== '<' || text[end + 1] !== '/' || end === at + 1) return undefined;
  return markerEnd(text, at + 1) === end ? undefined : { rule: 'secret', start: at + 1, end };
}
