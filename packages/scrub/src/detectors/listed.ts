import { type Detector, type Finding, finding } from '../detector.ts';
import { codeAt, is, WORD } from '../scanning/character.ts';
import { type Page, saw, wordBegins } from '../scanning/page.ts';

/** Texts that the local settings list, as whole words. They wake it too (`wakes.ts`). */
export const LISTED: Detector = { wakes: [], detect: detectListed };

function detectListed(page: Page, at: number): Finding | undefined {
  const { text, codes, settings } = page;
  for (const listed of settings.extraTexts) {
    const end = at + listed.length;
    if (!text.startsWith(listed, at) || !wordBegins(page, at)) continue;
    if (is(codeAt(codes, end - 1), WORD) && is(codeAt(codes, end), WORD)) {
      saw(page, end + 1);
      continue;
    }
    return finding('listed', at, end);
  }
  return undefined;
}
