import { readReceipt } from '../spool/receipts.ts';
import { isWaiting } from '../spool/spool.ts';
import type { Noting } from './noting.ts';

const POLL_MS = 25;
const RELAUNCH_MS = 1_000;

/** What waiting for the server needs. */
export interface FlushPorts {
  readonly spoolFolder: string;
  /** Starts a reporter and says when it has ended. */
  readonly deliver: (onEnd: () => void) => void;
}

/** Makes everything durable and waits until the server has settled it, at most `ms` milliseconds. True when it has. */
export async function flushed(noting: Noting, ms: number, ports: FlushPorts): Promise<boolean> {
  const deadline = Date.now() + ms;
  noting.settleFolds();
  const spool = { folder: ports.spoolFolder };
  const open = new Set([...noting.noted].filter((id) => isWaiting(spool, id)));
  const settled = [...noting.noted].filter((id) => !open.has(id)).every((id) => readReceipt(spool, id));
  let launchAt = 0;
  let busy = false;
  while (open.size > 0 && Date.now() < deadline) {
    if (!busy && Date.now() >= launchAt) {
      busy = true;
      ports.deliver(() => {
        busy = false;
        launchAt = Date.now() + RELAUNCH_MS;
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    for (const id of open) {
      if (!isWaiting(spool, id)) open.delete(id);
    }
  }
  return open.size === 0 && settled;
}
