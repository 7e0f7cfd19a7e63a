import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT, DEPENDENCIES } from './support/built.ts';

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(BUILT, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^'"]*['"]([^'"]+)['"]/gm)].map(([, name]) => name ?? '');
}

describe('what a host loads', () => {
  it.each(['index.js', 'index.cjs', 'register.js', 'register.cjs', 'at-failure.cjs'])(
    '%s imports nothing at all',
    (file) => {
      const text = readFileSync(join(BUILT, file), 'utf8');
      expect(importsOf(file)).toEqual([]);
      expect(text).not.toMatch(/\brequire\(|\bimport\(|msgpackr|node:http|node:net/);
    },
  );

  it('is little at its start', () => {
    expect(readFileSync(join(BUILT, 'register.js')).byteLength).toBeLessThan(17_000);
    expect(readFileSync(join(BUILT, 'register.cjs')).byteLength).toBeLessThan(17_000);
    expect(readFileSync(join(BUILT, 'at-failure.cjs')).byteLength).toBeLessThan(40_000);
    expect(readFileSync(join(BUILT, 'bucketing.cjs')).byteLength).toBeLessThan(80_000);
  });

  it('leaves the wire to the executable, which alone needs the dependencies of the package', () => {
    const foreign = importsOf('fr-reporter.js').filter(
      (name) => !builtinModules.includes(name.replace('node:', '')),
    );
    expect(new Set(foreign)).toEqual(new Set(Object.keys(DEPENDENCIES)));
  });
});
