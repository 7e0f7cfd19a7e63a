/** How many entries of one bucket hold each information type. */
export interface Holdings {
  /** In any state. */
  readonly held: Readonly<Record<string, number>>;
  /** Only those that wait to be uploaded. */
  readonly pending: Readonly<Record<string, number>>;
}

/** A row of the store's list of entries, as far as it is needed here. */
export interface HoldingRow {
  readonly state: 'pending' | 'uploaded';
  readonly types: readonly string[];
}

/** Counts the entries of one bucket by type. */
export function countHoldings(rows: readonly HoldingRow[]): Holdings {
  return {
    held: countTypes(rows),
    pending: countTypes(rows.filter(({ state }) => state === 'pending')),
  };
}

function countTypes(rows: readonly HoldingRow[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const type of rows.flatMap(({ types }) => types)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries(counts);
}
