import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bucket, ErrorFailure, Failure } from '../src/index.ts';
import {
  bucketId,
  bucketKey,
  bucketName,
  bucketOf,
  explain,
  explanationText,
  parseBucketKey,
} from '../src/index.ts';

const program = { program: 'shop', programVersion: '1.2.0' };

function withStack(name: string, message: string, frames: readonly string[]): ErrorFailure {
  const stack = `${name}: ${message}\n${frames.join('\n')}`;
  return { ...program, kind: 'error', error: { name, message, stack } };
}

function expectWhole(bucket: Bucket): void {
  expect(parseBucketKey(bucketKey(bucket))).toEqual(bucket);
  expect(bucketKey(bucket).isWellFormed()).toBe(true);
  expect(bucketKey(bucket).length).toBeLessThan(4000);
  expect(bucketName(bucket)).not.toBe('');
  expect(bucketId(bucket)).toHaveLength(27);
}

const frameText = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'at ',
        'at eval (eval at ',
        '(',
        ')',
        '@',
        ':',
        ':1:2',
        '/',
        '\\',
        'node_modules/',
        'a.js',
      ),
      fc.constantFrom(
        'file://',
        'https://x/',
        ' > eval',
        ' line 3',
        '\n    at f (',
        '<anonymous>',
        '%',
        '%E0',
        '\ud800',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

// Sizes in here are such that anything worse than linear runs into the test's time limit.
describe('any input', () => {
  it('gives a bucket for any text as a stack', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), frameText, frameText, (name, message, stack, source) => {
        const error = { name, message, stack: `${name}: ${message}\n${stack}`, cause: { stack } };
        const failure: Failure = { ...program, kind: 'error', error, source: () => source };
        expectWhole(bucketOf(failure));
        expect(explainedLines(failure)).toBeGreaterThan(3);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a bucket for anything at all', () => {
    const kinds = fc.constantFrom('error', 'signal', 'exit', 'fatal', 'hang', 'native', 'other');
    const anything = fc.anything({ withNullPrototype: true, withSparseArray: true, withBigInt: true });
    const fields = fc.dictionary(
      fc.constantFrom(
        'program',
        'error',
        'signal',
        'exitCode',
        'trigger',
        'nativeStack',
        'stack',
        'module',
        'offset',
      ),
      anything,
    );
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          fc.tuple(kinds, fields).map(([kind, rest]) => ({ kind, ...rest })),
        ),
        (any) => {
          expectWhole(bucketOf(any as Failure));
          expect(explain(any as Failure).rules.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('survives an error whose every property throws', () => {
    const error = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    expectWhole(bucketOf({ ...program, kind: 'error', error }));
    expectWhole(bucketOf(error as Failure));
  });

  it('survives look-ups that throw or lie', () => {
    const failure = withStack('TypeError', 'x', ['    at f (/srv/app/src/a.js:7:1)']);
    for (const lookup of [
      () => {
        throw new Error('no');
      },
      () => 7,
      () => null,
      () => '',
    ]) {
      const source = lookup as unknown as () => string;
      expect(bucketOf({ ...failure, source }).location).toBe('a#f!TypeError');
    }
  });

  it('does not depend on the data in a message', () => {
    const frames = ['    at totalOf (/srv/app/src/price.js:3:14)', '    at main (/srv/app/src/main.js:1:1)'];
    fc.assert(
      fc.property(frameText, (message) => {
        expect(bucketOf(withStack('TypeError', message, frames)).location).toBe('price#totalOf!TypeError');
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the install folder, the style of its path or the callers', () => {
    const segment = fc
      .stringMatching(/^[A-Za-z@ ()._ü-]{1,10}$/)
      .filter((text) => text.trim() === text && !/^\.+$/.test(text));
    const root = fc.array(segment, { minLength: 1, maxLength: 5 });
    const style = fc.constantFrom(
      (parts: string[]) => `/${parts.join('/')}`,
      (parts: string[]) => `C:\\${parts.join('\\')}`,
      (parts: string[]) => `file:///${parts.map(encodeURIComponent).join('/')}`,
      (parts: string[]) => `file:///C:/${parts.map(encodeURIComponent).join('/')}`,
    );
    fc.assert(
      fc.property(
        root,
        style,
        fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 8 }),
        (parts, print, callers) => {
          const frames = callers.map((name) => `    at ${name} (${print([...parts, 'src', 'main.js'])}:9:1)`);
          const failing = `    at totalOf (${print([...parts, 'src', 'cart', 'price.js'])}:3:14)`;
          const bucket = bucketOf(withStack('TypeError', 'x', [failing, ...frames]));
          expect(bucket.location).toBe('cart/price#totalOf!TypeError');
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a long line', `TypeError: x\n    at ${'('.repeat(1 << 20)}`],
    ['a million frames', 'TypeError: x\n    at f (/srv/app/src/a.js:1:1)\n'.repeat(40_000)],
    ['brackets', '    at eval (eval at '.repeat(50_000)],
    ['at signs', '@'.repeat(1 << 20)],
    ['colons and digits', `f@${':1'.repeat(1 << 19)}`],
    ['slashes', `at f (${'/node_modules/'.repeat(70_000)}:1:1)`],
    ['blank lines', '\n'.repeat(1 << 20)],
    ['lone surrogates', '\ud800'.repeat(1 << 20)],
  ])('reads a megabyte of %s in a blink', (_, stack) => {
    expectWhole(bucketOf({ ...program, kind: 'error', error: { name: 'TypeError', message: 'x', stack } }));
  });

  it.each([
    ['slashes', '/['],
    ['quotes', "'\\"],
    ['templates', '`${'],
    ['open brackets', '({['],
    ['closing brackets', ')}]'],
    ['arrows', 'a=>'],
    ['comments', '/*/'],
    ['equal lines', 'x\n'],
  ])('scans a source text made of %s in a blink', (_, piece) => {
    const source = piece.repeat((1 << 18) / piece.length);
    const lines = source.split('\n').length;
    const failure = withStack('TypeError', 'x', [
      `    at f (/srv/app/src/a.js:${lines > 1 ? lines - 1 : 1}:9)`,
    ]);
    const short = { ...failure, source: () => `${source}\nlast();` };
    const last = withStack('TypeError', 'x', [`    at f (/srv/app/src/a.js:${lines + 1}:1)`]);
    expectWhole(bucketOf(short));
    expectWhole(bucketOf({ ...last, source: short.source }));
  });
});

function explainedLines(failure: Failure): number {
  return explanationText(explain(failure)).split('\n').length;
}
