/** What became of the cases between two versions of the rules. */
import type { PlacedCase } from './locations-file.ts';

interface Move {
  readonly name: string;
  readonly fault: string;
  readonly from: string;
  readonly to: string;
}

export interface Changes {
  readonly changed: number;
  readonly text: string;
}

/** Cases that moved, grouped by where from and where to, the largest group first. */
export function changesBetween(old: readonly PlacedCase[], now: readonly PlacedCase[]): Changes {
  const before = new Map(old.map((placed) => [placed.name, placed]));
  const after = new Set(now.map(({ name }) => name));
  const both = now.flatMap(({ name, fault, text }) => {
    const from = before.get(name)?.text;
    return from === undefined ? [] : [{ name, fault, from, to: text }];
  });
  const moved = both.filter(({ from, to }) => from !== to);
  const groups = [...Map.groupBy(moved, ({ from, to }) => JSON.stringify([from, to])).values()];
  const missing = old.filter(({ name }) => !after.has(name)).length;
  const added = now.length - both.length;
  return {
    changed: moved.length,
    text: [
      ...groups.sort((a, b) => b.length - a.length).map((group) => groupText(group, both)),
      `${moved.length} of ${both.length} cases moved, in ${groups.length} ways`,
      ...(missing + added > 0
        ? [`not compared: ${missing} only in the old file, ${added} only in the new`]
        : []),
    ].join('\n'),
  };
}

function groupText(group: readonly Move[], all: readonly Move[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const faults = [...new Set(group.map(({ fault }) => fault))];
  const joined = all.filter(({ to, from }) => to === first.to && from !== first.from);
  const others = [...new Set(joined.map(({ fault }) => fault))].filter((fault) => !faults.includes(fault));
  return [
    `${group.length} cases of ${faults.join(', ')}`,
    `  - ${first.from}`,
    `  + ${first.to}`,
    `  e.g. ${first.name}`,
    ...(others.length > 0 ? [`  where also lies ${others.join(', ')}`] : []),
    '',
  ].join('\n');
}
