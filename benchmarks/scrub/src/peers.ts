import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scrubber } from './contest.ts';

/** Other packages, installed into a folder that goes when the process ends. Their names only: no code of theirs is kept. */
const PACKAGES = ['redact-pii@3.4.0', '@zapier/secret-scrubber@1.1.6'];

interface PiiModule {
  readonly SyncRedactor: new () => { readonly redact: (text: string) => string };
}

interface SecretModule {
  readonly scrub: (text: string, secrets: readonly string[]) => unknown;
  readonly findSensitiveValues: (value: unknown) => string[];
}

export function installPeers(): readonly Scrubber[] {
  const folder = mkdtempSync(join(tmpdir(), 'fr-scrub-peers-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES],
    {
      stdio: 'ignore',
    },
  );
  const load = createRequire(join(folder, 'index.js'));
  const { SyncRedactor } = load('redact-pii') as PiiModule;
  const secrets = load('@zapier/secret-scrubber') as SecretModule;
  const redactor = new SyncRedactor();
  return [
    { name: 'redact-pii', scrub: (text) => redactor.redact(text) },
    // It finds secrets by key in data and by shape in addresses, then replaces what it found.
    {
      name: 'secret-scrubber',
      scrub: (text) => {
        const found = secrets.findSensitiveValues({ text });
        return found.length === 0 ? text : secrets.scrub(text, found);
      },
    },
  ];
}
