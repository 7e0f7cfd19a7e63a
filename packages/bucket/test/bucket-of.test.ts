import { describe, expect, it } from 'vitest';
import type { ErrorFailure } from '../src/index.ts';
import { bucketName, bucketOf, explain, explanationText } from '../src/index.ts';

function failing(root: string): ErrorFailure {
  return {
    kind: 'error',
    program: 'shop',
    programVersion: '1.2.0',
    error: {
      name: 'TypeError',
      message: "Cannot read properties of undefined (reading 'price')",
      stack: [
        "TypeError: Cannot read properties of undefined (reading 'price')",
        `    at totalOf (file://${root}/src/price.js:3:14)`,
        `    at ${root}/src/main.js:10:1`,
        '    at node:internal/main:1:1',
      ].join('\n'),
    },
  };
}

describe('bucket of an error', () => {
  it('is the same in two install folders', () => {
    const bucket = bucketOf(failing('/tmp/a/app'));
    expect(bucket).toEqual({
      program: 'shop',
      programVersion: '1.2.0',
      module: 'shop',
      moduleVersion: '1.2.0',
      location: 'price#totalOf!TypeError',
    });
    expect(bucketOf(failing('/srv/x/app'))).toEqual(bucket);
    expect(bucketName(bucket)).toBe('totalOf in price');
  });

  it('is explained', () => {
    const explanation = explain(failing('/tmp/a/app'));
    expect(explanation.frame).toMatchObject({ file: 'price', function: 'totalOf', line: 3, column: 14 });
    expect(explanationText(explanation)).toContain('own-frame');
  });
});
