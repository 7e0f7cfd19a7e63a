'use strict';
const { cells } = require('./cells.js');

class CsvError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'CsvError';
    this.code = code;
  }
}

/** Rows of a text; every row must have as many cells as the first. */
function parse(text, separator = ';') {
  const rows = text.split('\n').map((line, index) => row(line, index, separator));
  const width = rows[0].length;
  rows.forEach((one, index) => {
    if (one.length !== width)
      throw new CsvError('CSV_WIDTH', `row ${index + 1} has ${one.length} cells, not ${width}`);
  });
  return rows;
}

function row(line, index, separator) {
  const found = cells(line, separator);
  if (found === undefined) throw new CsvError('CSV_QUOTE', `row ${index + 1} ends inside a quote: ${line}`);
  return found;
}

exports.parse = parse;
exports.CsvError = CsvError;
