import type { FailureReceipt } from '../../spool/receipts.ts';

const WORDS: Readonly<Record<string, string>> = {
  'no-collector': 'no collector for this type here',
};

/** In one line what left this machine for a failure, and what did not. */
export function receiptWords({ hit, reason, entry, recalled = [], notSent }: FailureReceipt): string {
  const entryWords = entry
    ? `${entry.types.join(', ')} (${entry.bytes} bytes) ${entry.result}`
    : hit === 'withdrawn'
      ? 'nothing was sent'
      : 'a hit and nothing else';
  const not = notSent.map(({ type, why }) => `${type} not sent: ${WORDS[why] ?? why}`);
  const later = recalled.map(
    ({ types, bytes, result, at }) =>
      `asked for later: ${types.join(', ')} (${bytes} bytes) ${result} at ${new Date(at).toISOString()}`,
  );
  const all = [
    `hit ${hit}`,
    reason ?? entryWords,
    ...(reason && entry ? [entryWords] : []),
    ...not,
    ...later,
  ];
  return all.join('; ');
}
