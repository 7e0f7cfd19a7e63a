/**
 * Notices that a policy file was saved. By looking at it once a second, not by watching: editors replace the file by
 * rename, and network file systems tell nobody. What changed has to stay as it is for one more look, so that a file
 * which is just being written is not taken in half.
 * @module
 */
import { stat } from 'node:fs/promises';
import type { SitePolicy } from './site-policy.ts';

const EVERY_MS = 1_000;

/** A watch that runs. */
export interface PolicyWatch {
  stop(): void;
}

/** Starts to watch; SIGHUP makes it look at once. */
export function watchPolicy(policy: SitePolicy): PolicyWatch {
  let taken = '';
  let seen = '';
  async function look(): Promise<void> {
    const now = await signature(policy.source);
    const quiet = now === seen;
    seen = now;
    if (!quiet || now === taken) return;
    taken = now;
    await policy.reload();
  }
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  timer.unref();
  const hurry = (): void => void policy.reload().catch(() => undefined);
  process.on('SIGHUP', hurry);
  return {
    stop() {
      clearInterval(timer);
      process.off('SIGHUP', hurry);
    },
  };
}

/** Changes whenever the file is written or replaced. */
async function signature(file: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(file, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch {
    return 'gone';
  }
}
