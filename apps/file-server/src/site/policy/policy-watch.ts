/**
 * Notices that a policy file was saved. By looking at it once a second, not by watching: editors replace the file by
 * rename, and network file systems tell nobody. What changed has to stay as it is for one more look, so that a file
 * which is just being written is not taken in half.
 * @module
 */
import { stat } from 'node:fs/promises';
import type { Reloaded, SitePolicy } from './site-policy.ts';

/** A watch that runs. */
export interface PolicyWatch {
  stop(): void;
}

/** Starts to watch; SIGHUP makes it look at once. `onTaken`: another policy is in force. */
export function watchPolicy(
  policy: SitePolicy,
  options: { readonly onTaken: () => void; readonly everyMs?: number },
): PolicyWatch {
  const { onTaken, everyMs = 1_000 } = options;
  let taken = '';
  let seen = '';
  async function reload(): Promise<void> {
    const { result }: Reloaded = await policy.reload();
    if (result === 'taken') onTaken();
  }
  async function look(): Promise<void> {
    const now = await signature(policy.source);
    const quiet = now === seen;
    seen = now;
    if (!quiet || now === taken) return;
    taken = now;
    await reload();
  }
  const timer = setInterval(() => void look().catch(() => undefined), everyMs);
  timer.unref();
  const hurry = (): void => void reload().catch(() => undefined);
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
