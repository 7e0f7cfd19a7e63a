/**
 * Review gate for changes of the rules: `node src/diff.ts OLD NEW` compares two files that `src/score.ts --locations`
 * wrote before and after, and prints which cases moved where. Exit code 1 when any did.
 */
import { changesBetween } from './score/location-changes.ts';
import { readLocations } from './score/locations-file.ts';

const [old, now] = process.argv.slice(2);
if (old === undefined || now === undefined) {
  console.error('usage: node src/diff.ts OLD NEW');
  process.exitCode = 2;
} else {
  const { changed, text } = changesBetween(readLocations(old), readLocations(now));
  console.log(text);
  process.exitCode = changed > 0 ? 1 : 0;
}
