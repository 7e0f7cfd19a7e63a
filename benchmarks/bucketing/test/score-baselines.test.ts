import { describe, expect, it } from 'vitest';
import type { Case, Corpus } from '../src/case.ts';
import { textName } from '../src/corpus-file.ts';
import { BUCKETINGS } from '../src/score/bucketing.ts';
import { evidenceOf } from '../src/score/evidence.ts';

const TYPE_ERROR = { name: 'TypeError', message: 'x is not a function' };

function caseOf(frames: readonly string[], more: Partial<Case> = {}): Case {
  const stack = ['TypeError: x is not a function', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return {
    fault: 'hand/made',
    scope: 'caller',
    how: 'by hand',
    program: 'shop',
    programVersion: '1.0.0',
    error: { ...TYPE_ERROR, stack },
    sources: {},
    maps: {},
    ...more,
  };
}

/** Whether a bucketing takes two cases for one. */
function joins(
  name: string,
  one: Case,
  other: Case,
  texts: ReadonlyMap<string, string> = new Map(),
): boolean {
  const bucketing = BUCKETINGS.find((known) => known.name === name);
  if (bucketing === undefined) throw new Error(`no bucketing ${name}`);
  const corpus: Corpus = { cases: [one, other], texts };
  const [a, b] = corpus.cases.map((each) => bucketing.judge(evidenceOf(each, corpus)).problem);
  return a === b;
}

const own = caseOf(['totalOf (/srv/shop/src/price.js:3:14)', 'main (/srv/shop/src/main.js:9:1)']);
const elsewhere = caseOf([
  'totalOf (/home/ann/x/src/price.js:3:14)',
  'main (/home/ann/x/src/main.js:9:1)',
  'node:internal/main:1:1',
]);
const called = caseOf(['totalOf (/srv/shop/src/price.js:3:14)', 'batch (/srv/shop/src/batch.js:2:1)']);
const shifted = caseOf(['totalOf (/srv/shop/src/price.js:5:14)', 'main (/srv/shop/src/main.js:9:1)']);

describe('bucketings under comparison', () => {
  it.each([
    ['fr', true, true, true],
    ['top own frame', true, true, true],
    ['Sentry-like', true, false, true],
    // The root of the project is not known here, so files go by their base names.
    ['Bugsnag-like', true, true, false],
    ['Rollbar-like', false, false, true],
    ['top frame', false, true, false],
    ['name and message', true, true, true],
    ['raw stack', false, false, false],
  ])('%s: other path %s, other caller %s, other line %s', (name, path, caller, line) => {
    expect(joins(name, own, elsewhere)).toBe(path);
    expect(joins(name, own, called)).toBe(caller);
    expect(joins(name, own, shifted)).toBe(line);
  });

  it('top own frame passes over dependencies', () => {
    const asked = caseOf([
      'parse (/srv/shop/node_modules/yaml/index.js:1:1)',
      'read (/srv/shop/src/a.js:1:1)',
    ]);
    const same = caseOf(['lex (/srv/shop/node_modules/yaml/lex.js:7:1)', 'read (/srv/shop/src/a.js:2:1)']);
    expect(joins('top own frame', asked, same)).toBe(true);
    expect(joins('Sentry-like', asked, same)).toBe(true);
    const strange = caseOf(['parse (/srv/shop/node_modules/yaml/index.js:1:1)']);
    expect(joins('Sentry-like', asked, strange)).toBe(false);
  });

  it('Bugsnag-like knows the root of the project from its package.json', () => {
    const manifest = JSON.stringify({ name: 'shop' });
    const texts = new Map([[textName(manifest), manifest]]);
    const rooted = (root: string, file: string): Case =>
      caseOf([`totalOf (${root}/${file}:3:14)`], {
        sources: { [`${root}/package.json`]: textName(manifest) },
      });
    expect(joins('Bugsnag-like', rooted('/srv/a', 'x/i.js'), rooted('C:\\b', 'x/i.js'), texts)).toBe(true);
    expect(joins('Bugsnag-like', rooted('/srv/a', 'x/i.js'), rooted('/srv/a', 'y/i.js'), texts)).toBe(false);
  });

  it('Sentry-like tells two lines of code apart where a text is at hand, repeated frames once', () => {
    const code = 'function f(n) {\n  a();\n  b();\n  return f(n - 1);\n}\n';
    const texts = new Map([[textName(code), code]]);
    const sources = { '/srv/f.js': textName(code) };
    const at = (...lines: number[]): Case =>
      caseOf(
        lines.map((line) => `f (/srv/f.js:${line}:3)`),
        { sources },
      );
    expect(joins('Sentry-like', at(2), at(3), texts)).toBe(false);
    expect(joins('Sentry-like', at(2, 4), at(2, 4, 4, 4), texts)).toBe(true);
  });

  it('Sentry-like masks the message where there is no frame', () => {
    const without = (message: string): Case => caseOf([], { error: { name: 'Error', message } });
    const one = without('order 17 of ann@example.org at 10.0.0.1 failed');
    expect(joins('Sentry-like', one, without('order 9 of bob@example.org at 10.0.0.2 failed'))).toBe(true);
    expect(joins('Sentry-like', one, without('order 17 of ann@example.org at 10.0.0.1 refused'))).toBe(false);
    expect(joins('name and message', one, without('order 9 failed'))).toBe(false);
  });

  it('with a source map, a bundle is the program it was made from', () => {
    const code =
      'export function totalOf(cart) {\n  return cart.sum();\n}\nfunction main() {\n  totalOf();\n}\n';
    // a.js, line 1: column 0 is `cart.sum` (2:10), column 10 the call of totalOf (5:3), named as in the source.
    const map = JSON.stringify({
      version: 3,
      sources: ['../src/price.js'],
      sourcesContent: [code],
      names: ['totalOf'],
      mappings: 'AACS,UAGPA',
    });
    const texts = new Map([code, map].map((text) => [textName(text), text]));
    const bundled = caseOf(['a (https://x.example/a.js:1:1)', 'b (https://x.example/a.js:1:11)'], {
      maps: { 'https://x.example/a.js': textName(map) },
    });
    const plain = caseOf(['totalOf (/srv/shop/src/price.js:2:10)', 'main (/srv/shop/src/price.js:5:3)'], {
      sources: { '/srv/shop/src/price.js': textName(code) },
    });
    expect(joins('fr', bundled, plain, texts)).toBe(true);
    expect(joins('top own frame', bundled, plain, texts)).toBe(true);
  });

  it('keep programs apart', () => {
    for (const { name } of BUCKETINGS) expect(joins(name, own, { ...own, program: 'till' })).toBe(false);
  });
});
