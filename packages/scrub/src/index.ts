/**
 * @module
 * Removes secrets and personal data before anything leaves the machine. One left-to-right scan (`scanning/scan.ts`) wakes
 * detectors at the characters that can begin or join something secret; each finding becomes a readable marker such as
 * `[removed:email]`. `scrubText` does this to a text, `scrubTree` to plain data, where keys are known for certain.
 * Which rules there are and why is data: `RULES`. No setting switches scrubbing off.
 */

export { type OptionalRule, RULES, type Rule } from './rules.ts';
export { type Removal, type ScrubbedText, scrubText } from './scrub-text.ts';
export { type CutReason, DEPTH_LIMIT, type ScrubbedTree, SIZE_LIMIT, scrubTree } from './scrub-tree.ts';
export type { ScrubOptions } from './settings.ts';
