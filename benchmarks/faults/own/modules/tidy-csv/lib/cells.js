'use strict';

/** Cells of a line; nothing when a quote stays open. */
exports.cells = function cells(line, separator) {
  const found = [''];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) found.push('');
    else found[found.length - 1] += character;
  }
  return quoted ? undefined : found;
};
