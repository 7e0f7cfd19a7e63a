import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program or library made from C for this run. */
export interface NativeTool {
  readonly path: string;
  remove(): void;
}

/** Compiled by the machine's own `cc`; a text that says why where that is not possible. */
export function nativeTool(name: 'shim' | 'power-cut'): NativeTool | string {
  if (process.platform !== 'linux') return `${name} is for Linux`;
  const dir = mkdtempSync(join(tmpdir(), 'fr-native-'));
  const path = join(dir, name);
  const source = fileURLToPath(new URL(`native/${name}.c`, import.meta.url));
  const library = name === 'shim' ? ['-shared', '-fPIC'] : [];
  try {
    execFileSync('cc', ['-O1', ...library, '-o', path, source, '-ldl'], { stdio: 'pipe' });
  } catch (cause) {
    rmSync(dir, { recursive: true });
    return `no C compiler here (cc): ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`;
  }
  return { path, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
