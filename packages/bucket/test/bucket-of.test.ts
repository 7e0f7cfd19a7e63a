import { describe, expect, it } from 'vitest';
import type { ErrorFailure } from '../src/index.ts';
import { bucketName, bucketOf, errorFromStack, explain, explanationText } from '../src/index.ts';

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

  it('can be told from a pasted stack', () => {
    const { error } = failing('/tmp/a/app');
    expect(errorFromStack(`Uncaught ${error.stack}`)).toMatchObject({
      name: 'TypeError',
      message: error.message,
    });
    expect(errorFromStack('TypeError [ERR_X]: a\nb\n    at f (/a.js:1:1)')).toMatchObject({
      code: 'ERR_X',
      message: 'a\nb',
    });
    expect(errorFromStack('Error\n    at f (/a.js:1:1)')).toMatchObject({ name: 'Error', message: '' });
    expect(errorFromStack('what is this?')).toMatchObject({ name: 'Error', message: 'what is this?' });
    const again = { ...failing('/srv'), error: errorFromStack(String(error.stack)) };
    expect(bucketOf(again)).toEqual(bucketOf(failing('/tmp/a/app')));
  });

  it('is explained', () => {
    const explanation = explain(failing('/tmp/a/app'));
    expect(explanation.frame).toMatchObject({ file: 'price', function: 'totalOf', line: 3, column: 14 });
    expect(explanationText(explanation)).toContain('own-frame');
  });
});
