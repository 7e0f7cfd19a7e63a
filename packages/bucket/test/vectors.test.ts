import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../src/index.ts';
import { bucketKey, bucketOf, explain, explanationText } from '../src/index.ts';

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly failure: Failure;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`./vectors/${file}.json`, import.meta.url), 'utf8')) as T;
}

describe('vectors of scheme v1', () => {
  for (const file of ['v8', 'other-engines', 'paths', 'rules', 'kinds']) {
    it.each(read<Vector[]>(file))(`${file}: $name`, ({ key, failure }) => {
      expect(bucketKey(bucketOf(failure))).toBe(key);
      expect(explain(failure).rules.length).toBeGreaterThan(0);
      expect(explanationText(explain(failure))).toContain(key);
    });
  }

  const { sources, cases } = read<{ sources: Record<string, string>; cases: Vector[] }>('sourced');
  it.each(cases)('sourced: $name', ({ key, failure }) => {
    expect(bucketKey(bucketOf({ ...failure, source: (file) => sources[file] }))).toBe(key);
  });
});
