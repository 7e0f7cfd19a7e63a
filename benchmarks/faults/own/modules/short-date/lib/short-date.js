'use strict';

/** Days since 1970 of a text like 11.8.2026. */
exports.days = function days(text) {
  if (typeof text !== 'string') throw new TypeError('a short date is a text, not ' + typeof text);
  const [day, month, year] = text.split('.').map(Number);
  if (!(month >= 1 && month <= 12)) throw new RangeError('no month in ' + text);
  return Date.UTC(year, month - 1, day) / 86400000;
};

/** Calls back with every day between two. */
exports.between = function between(from, to, visit) {
  for (let day = exports.days(from); day <= exports.days(to); day += 1) visit(day);
};
