import { type Lease, PROTOCOL_VERSION } from '@fr/protocol';
import { holderOf } from './holder.ts';
import type { LeasePorts } from './leases.ts';

/** An upload under leases, which renews them when a third of their time is over. Its signal is aborted when they are over. */
export async function whileLeased<T>(
  leases: readonly Lease[],
  askedAt: number,
  { link, spool, now }: LeasePorts,
  upload: (over: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (leases.length === 0) return await upload(undefined);
  const holder = holderOf(spool, now());
  const over = new AbortController();
  const asks = leases.map(({ expiresInMs: _, ...ask }) => ask);
  let until = endOf(leases, askedAt);
  let timer: NodeJS.Timeout | undefined;
  let done = false;
  async function renew(): Promise<void> {
    const at = now();
    const answer = await link.askLeases({ protocol: PROTOCOL_VERSION, holder, asks });
    if (answer.kind === 'taken') until = answer.reply.refused.length > 0 ? at : endOf(answer.reply.given, at);
    if (done) return;
    if (until <= now()) over.abort();
    else arm();
  }
  function arm(): void {
    timer = setTimeout(renew, Math.max(250, (until - now()) / 3)).unref();
  }
  arm();
  try {
    return await upload(over.signal);
  } finally {
    done = true;
    clearTimeout(timer);
  }
}

function endOf(leases: readonly Lease[], askedAt: number): number {
  return askedAt + Math.min(...leases.map(({ expiresInMs }) => expiresInMs));
}
