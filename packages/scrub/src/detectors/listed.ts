import { is, WORD } from '../character.ts';
import { type Finding, type Page, wordBegins } from '../page.ts';

/** Texts that the local settings list, as whole words. Wakes at the first character of any of them. */
export function detectListed(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  for (const listed of settings.extraTexts) {
    const end = at + listed.length;
    if (!text.startsWith(listed, at) || !wordBegins(page, at)) continue;
    if (is(listed.charCodeAt(listed.length - 1), WORD) && is(text.charCodeAt(end), WORD)) continue;
    return { rule: 'listed', start: at, end };
  }
  return undefined;
}
