/**
 * A folder that plays the root of a file system: `/srv/till` lies at `<folder>/srv/till` on this machine, and its
 * folder is taken out of everything recorded. So the corpus shows paths as on the machines it imitates, needs no
 * rights outside the temporary folder, and comes out the same each time.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorFacts } from '@fr/bucket';
import { mapTexts } from './facts.ts';

export class Sandbox {
  readonly folder: string;
  #files = 0;

  /** The prefix names whose sandbox it is; a percent sign or blank in it would change file URLs. */
  constructor(prefix: string) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), `${prefix}-`)));
    mkdirSync(join(this.folder, '.out'));
  }

  /** Where a path of the imitated machine lies on this one. */
  outside(path: string): string {
    return join(this.folder, path);
  }

  /** Facts with paths as the imitated machine has them. */
  seenFromInside(error: ErrorFacts): ErrorFacts {
    return mapTexts(error, (text) => text.replaceAll(this.folder, ''));
  }

  newFile(ending: string): string {
    this.#files += 1;
    return join(this.folder, '.out', `${this.#files}.${ending}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
