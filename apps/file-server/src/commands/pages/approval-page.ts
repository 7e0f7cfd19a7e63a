import { printable } from '@fr/server/command';
import { printBytes } from '@fr/sync';
import { plural } from '../plural.ts';

/** What the verb `approval` returns. */
export interface ApprovalSheet {
  readonly demandId: string;
  readonly state: string;
  readonly why: string;
  readonly source: string;
  readonly author: string;
  readonly reason: string;
  readonly pattern: Readonly<Record<string, string>>;
  readonly when: readonly string[];
  readonly each: 'bucket' | 'demand';
  readonly until: number;
  readonly seen: string;
  readonly types: readonly {
    readonly type: string;
    readonly count: number;
    readonly actions: readonly string[];
    readonly rules: readonly string[];
    readonly cap?: number;
  }[];
  readonly buckets: { readonly count: number; readonly more: boolean; readonly hits: number };
  readonly held: { readonly entries: number; readonly bytes: number; readonly types: readonly string[] };
  readonly review: 'none' | 'entry';
  readonly switches: Readonly<Record<string, string>>;
}

/** A demand as somebody has to see it before saying yes. Everything in it was written by others, so it is made safe. */
export function printApproval(sheet: ApprovalSheet): string {
  const { demandId, state, why, source, author, reason, until, buckets, seen } = sheet;
  const more = buckets.more ? ' among the first 1,000' : '';
  const lines: readonly (readonly [string, string])[] = [
    ['asked by', `${author}, at ${source}`],
    ['because', reason],
    [
      'about',
      `${printPattern(sheet)}; ${plural(buckets.count, 'bucket')} here${more}, ${plural(buckets.hits, 'hit')}`,
    ],
    ...(sheet.when.length === 0 ? [] : [['only where', sheet.when.join(', ')] as const]),
    ['until', new Date(until).toISOString()],
    ['stands', `${state}: ${why}`],
    ...sheet.types.map((each, index): readonly [string, string] => [
      index === 0 ? 'asks for' : '',
      typeLine(each, sheet),
    ]),
    ['if you say yes', heldLine(sheet)],
    ['', collectLine(sheet)],
    ...offLine(sheet),
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  const told = lines.map(([name, text]) => `  ${name.padEnd(width)}${printable(text)}`);
  const how = `approve ${demandId} --seen ${seen.slice(0, 16)}`;
  return [
    `demand ${printable(demandId)}`,
    ...told,
    `  to approve exactly this: fr-admin ${printable(how)} --by YOU`,
  ].join('\n');
}

function printPattern({ pattern }: ApprovalSheet): string {
  return Object.entries(pattern)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

const ACTIONS: Readonly<Record<string, string>> = {
  allow: 'leaves without you',
  ask: 'waits for you',
  deny: 'stays whatever you say',
};

function typeLine(
  { type, count, actions, rules }: ApprovalSheet['types'][number],
  { each }: ApprovalSheet,
): string {
  const scope = each === 'bucket' ? 'of each bucket' : 'in all';
  const said = actions.map((action) => ACTIONS[action] ?? action).join(' or ');
  return `${count} × ${type} ${scope}: ${said} (${rules.slice(0, 3).join('; ')})`;
}

function heldLine({ held, review }: ApprovalSheet): string {
  if (held.entries === 0) return 'nothing held here leaves with the next pass';
  const then = review === 'entry' ? 'would leave, each after a look at it' : 'leave with the next pass';
  return `${held.entries} held here ${then}, up to its count: ${held.types.join(', ')}, ${printBytes(held.bytes)}`;
}

function collectLine({ types }: ApprovalSheet): string {
  const asked = types.filter(({ actions }) => actions.some((action) => action !== 'deny'));
  if (asked.length === 0) return 'nothing is collected for it';
  const named = asked.map(({ type, cap }) =>
    cap === undefined ? type : `${type} (at most ${printBytes(cap)})`,
  );
  return `programs are asked for, at their next failure, as far as they declared it: ${named.join(', ')}`;
}

function offLine({ switches }: ApprovalSheet): readonly (readonly [string, string])[] {
  const off = Object.entries(switches).flatMap(([name, state]) => (state === 'off' ? [`${name}: off`] : []));
  return off.length === 0 ? [] : [['but', `the policy says ${off.join(', ')}`]];
}
