import { codeAt, is, WORD } from '../character.ts';
import { type Finding, type Page, saw, wordBegins } from '../page.ts';

/** Texts that the local settings list, as whole words. Wakes where their first two characters stand. */
export function detectListed(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  for (const listed of settings.extraTexts) {
    const end = at + listed.length;
    if (!text.startsWith(listed, at) || !wordBegins(page, at)) continue;
    if (is(codeAt(listed, listed.length - 1), WORD) && is(codeAt(text, end), WORD)) {
      saw(page, end + 1);
      continue;
    }
    return { rule: 'listed', start: at, end };
  }
  return undefined;
}
