import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawSourceMap } from '../src/index.ts';
import { bucketOf, explain } from '../src/index.ts';
import { bucketWithMap, debugIdOf, inlineSourceMap, sourceMapFrom, sourceMapUrl } from '../src/source-map.ts';

const ID = '85314830-023f-4cf1-a267-535f4e37bb17';
const source = 'export function totalOf(items) {\n  return items.price;\n}\n';
/** Column 1 of line 1 comes from line 2, column 3 of the source. */
const map = {
  version: 3,
  sources: ['../src/price.ts'],
  sourcesContent: [source],
  names: [],
  mappings: 'AACE',
};

describe('source maps', () => {
  it('tells where a place came from', () => {
    const loaded = sourceMapFrom(JSON.stringify({ ...map, debugId: ID.toUpperCase() }));
    expect(loaded?.debugId).toBe(ID);
    expect(loaded?.originalPlace(1, 1)).toEqual({ file: '../src/price.ts', line: 2, column: 3 });
    expect(loaded?.originalPlace(7, 1)).toBeUndefined();
    expect(loaded?.originalPlace(-1, 0)).toBeUndefined();
    expect(loaded?.sourceText?.('../src/price.ts')).toBe(source);
    expect(loaded?.sourceText?.('other.ts')).toBeUndefined();
  });

  it('flattens index maps', () => {
    const loaded = sourceMapFrom({ version: 3, sections: [{ offset: { line: 4, column: 0 }, map }] });
    expect(loaded?.originalPlace(5, 1)).toEqual({ file: '../src/price.ts', line: 2, column: 3 });
  });

  it('reads the marks of a built file', () => {
    const text = `run();\n//# sourceMappingURL=old.map\n//# debugId=${ID}\n//# sourceMappingURL=app.js.map\n`;
    expect(debugIdOf(text)).toBe(ID);
    expect(sourceMapUrl(text)).toBe('app.js.map');
    expect(sourceMapUrl('run();')).toBeUndefined();
    expect(debugIdOf('run();')).toBeUndefined();
  });

  it('reads inlined maps', () => {
    const json = JSON.stringify({ ...map, sourcesContent: ['ü'] });
    const base64 = Buffer.from(json).toString('base64');
    const text = `run();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64}\n`;
    expect(sourceMapUrl(text)).toBeUndefined();
    expect(inlineSourceMap(text)?.sourceText?.('../src/price.ts')).toBe('ü');
    expect(inlineSourceMap('//# sourceMappingURL=data:application/json;base64,%%%')).toBeUndefined();
  });

  it('moves a failure to where it was written', () => {
    const error = {
      name: 'TypeError',
      message: 'x',
      stack: 'TypeError: x\n    at a (https://x.example/assets/b.js:1:1)',
    };
    const failure = { kind: 'error', program: 'shop', programVersion: '1', error } as const;
    const sourceMap = () => sourceMapFrom(map);
    expect(bucketOf({ ...failure, sourceMap }).location).toMatch(/^price#totalOf~\w{6}!TypeError$/);
  });

  it('joins what was counted before its map arrived', () => {
    const long = `${' '.repeat(600)}a();`;
    const stack = 'TypeError: x\n    at a (https://x.example/assets/b-3fa9c21d.js:1:601)';
    const error = { name: 'TypeError', message: 'x', stack };
    const failure = { kind: 'error', program: 'shop', programVersion: '1', error } as const;
    // Column 601 of line 1 comes from line 2, column 3 of the source.
    const loaded = sourceMapFrom({ ...map, mappings: 'wlBACE' });
    if (loaded === undefined) throw new Error('the map of this test is none');
    const mapped = bucketOf({ ...failure, sourceMap: () => loaded });
    expect(mapped.location).toMatch(/^price#totalOf~\w{6}!TypeError$/);
    for (const source of [undefined, () => `${long}\n//# debugId=${ID}\n`]) {
      const unmapped = bucketOf({ ...failure, source });
      expect(unmapped.location).not.toBe(mapped.location);
      expect(bucketWithMap(unmapped, loaded)).toEqual(mapped);
    }
    expect(bucketWithMap(mapped, loaded)).toBeUndefined();
  });

  it('takes raw maps too, plain, as text, and with sections', () => {
    const error = {
      name: 'TypeError',
      message: 'x',
      stack: 'TypeError: x\n    at a (/srv/app/dist/b.js:1:5)',
    };
    const failure = { kind: 'error', program: 'shop', programVersion: '1', error } as const;
    const sections = [{ offset: { line: 0, column: 0 }, map }];
    const wanted = explain({ ...failure, sourceMap: () => sourceMapFrom(map) });
    expect(wanted.frame).toMatchObject({ file: 'price', function: 'totalOf', line: 2, column: 3 });
    for (const raw of [map, JSON.stringify(map), { version: 3, sections }]) {
      expect(explain({ ...failure, sourceMap: () => raw })).toEqual(wanted);
    }
  });

  it('takes no map for a map only if it is one', () => {
    for (const none of [
      '',
      '{',
      '7',
      'null',
      null,
      undefined,
      {},
      [],
      { mappings: 7 },
      { version: 3, mappings: '!' },
    ]) {
      expect(sourceMapFrom(none)?.originalPlace(1, 1)).toBeUndefined();
    }
  });

  it('lets no lying map hurt a bucket', () => {
    const stack = 'TypeError: x\n    at f (/srv/app/src/a.js:7:1)';
    const error = { name: 'TypeError', message: 'x', stack };
    const lie = fc.record(
      {
        version: fc.constant(3),
        mappings: fc.string(),
        sources: fc.anything(),
        sourcesContent: fc.anything(),
        sections: fc.anything(),
      },
      { requiredKeys: ['mappings'] },
    );
    fc.assert(
      fc.property(lie, (json) => {
        const failure = { kind: 'error', program: 'shop', programVersion: '1', error } as const;
        for (const sourceMap of [() => sourceMapFrom(json), () => json as RawSourceMap]) {
          expect(bucketOf({ ...failure, sourceMap }).location).toMatch(/!TypeError$/);
        }
      }),
    );
  });
});
