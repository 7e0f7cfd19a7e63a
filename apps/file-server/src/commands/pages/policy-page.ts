/**
 * The policy, and what it says to a case, as people read it at a terminal.
 * @module
 */
import { printable, printableLines, printTable } from '@fr/server/command';
import {
  type Caps,
  describeConditions,
  describeWindow,
  type OfferRule,
  type PolicyProblem,
  type PolicyRule,
  printBytes,
  type Redaction,
  type SendWindow,
} from '@fr/sync';

/** What the verb `policy` returns. */
export interface PolicyView {
  readonly source: string;
  readonly since: number | null;
  readonly file:
    | { readonly state: 'none' | 'same' | 'newer' }
    | { readonly state: 'broken'; readonly problems: readonly PolicyProblem[] }
    | { readonly state: 'unreadable'; readonly why: string };
  readonly destination: string | null;
  readonly mayBeNamed: readonly string[];
  readonly switches: Readonly<Record<'everything' | 'collect' | 'send', 'on' | 'off'>>;
  readonly review: 'none' | 'entry';
  readonly offer: readonly OfferRule[];
  readonly rules: readonly PolicyRule[];
  readonly unreachable: readonly { readonly rule: number; readonly behind: number }[];
  readonly redact: readonly Redaction[];
  readonly caps: Caps;
  readonly schedule: readonly SendWindow[];
  readonly types: readonly { readonly type: string; readonly action: string; readonly rule: string }[];
}

/** The whole policy: what is in force and what is not, then the rules in their order, then what follows for each type. */
export function printPolicy(view: PolicyView): string {
  const sections = [head(view).join('\n'), rules(view), types(view)];
  return sections.filter((section) => section !== '').join('\n\n');
}

function head(view: PolicyView): readonly string[] {
  const { source, since, destination, mayBeNamed, switches, review, redact, caps, schedule } = view;
  const inForce = since === null ? '' : `, in force since ${new Date(since).toISOString()}`;
  const off = Object.entries(switches).flatMap(([name, state]) => (state === 'off' ? [`${name}: off`] : []));
  const lines: readonly (readonly [string, string])[] = [
    ['policy', `${source}${inForce}`],
    ...besideIt(view),
    ['destination', destination ?? 'none'],
    ['may be named there', mayBeNamed.length === 0 ? 'no program' : mayBeNamed.join(', ')],
    ['switched off', off.length === 0 ? 'nothing' : `${off.join(', ')}  <<<`],
    [
      'review',
      review === 'entry' ? 'each entry, before it leaves (`fr-admin review`)' : 'none beyond demands',
    ],
    [
      'redacted',
      redact.length === 0 ? 'nothing more than reporters scrubbed' : redact.map(redaction).join('; '),
    ],
    ['caps', printCaps(caps)],
    ['schedule', schedule.length === 0 ? 'at any time' : schedule.map(describeWindow).join('; or ')],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => printable(`${`${name}:`.padEnd(width + 1)} ${text}`));
}

function besideIt({ file, source }: PolicyView): readonly (readonly [string, string])[] {
  if (file.state === 'newer')
    return [['NOT YET', 'a newer file lies there; a running server takes it within seconds']];
  if (file.state === 'unreadable') return [['WRONG', `the file cannot be read any more: ${file.why}`]];
  if (file.state !== 'broken') return [];
  return file.problems.map(({ line, column, message }) => [
    'NOT IN FORCE',
    `the newer file is broken: ${source}:${line}:${column}: ${message}`,
  ]);
}

function redaction({ keys, texts, type, program, to }: Redaction): string {
  const what = [...list('keys', keys), ...list('texts', texts)].join(' and ');
  const where = [...list('in', type), ...list('of', program), ...list('towards', to)].join(' ');
  return where === '' ? what : `${what} ${where}`;
}

function list(word: string, patterns: string | readonly string[] | undefined): readonly string[] {
  return patterns === undefined ? [] : [`${word} ${[patterns].flat().join(', ')}`];
}

function printCaps({ bytesPerDay, entriesPerBucket, entryBytes }: Caps): string {
  const caps = [
    ...(bytesPerDay === undefined ? [] : [`${printBytes(bytesPerDay)} in 24 hours`]),
    ...(entriesPerBucket === undefined ? [] : [`${entriesPerBucket} entries of one bucket`]),
    ...(entryBytes === undefined ? [] : [`${printBytes(entryBytes)} of one entry`]),
  ];
  return caps.length === 0 ? 'none' : caps.join(', ');
}

function rules({ rules: all, unreachable }: PolicyView): string {
  if (all.length === 0) return '';
  const rows = all.map((rule, index) => {
    const behind = unreachable.find(({ rule }) => rule === index + 1)?.behind;
    const note = behind === undefined ? '' : `never decides: it stands behind rule ${behind}`;
    return [String(index + 1), String(rule.line ?? ''), rule.action, describeConditions(rule), note];
  });
  return printTable(['rule #', 'line #', 'action', 'what fits', ''], rows);
}

function types({ types: all }: PolicyView): string {
  return printTable(
    ['information type', 'of an ordinary bucket', 'by'],
    all.map(({ type, action, rule }) => [type, ACTIONS[action] ?? action, rule]),
  );
}

const ACTIONS: Readonly<Record<string, string>> = {
  allow: 'leaves when asked for',
  ask: 'after approval',
  deny: 'stays',
};

/** What the verb `policy-test` returns. */
export interface PolicyTestView {
  readonly asked: Readonly<Record<string, string | number>>;
  readonly explanations: readonly {
    readonly type: string;
    readonly verdict: string;
    readonly because: string;
    readonly steps: readonly { readonly what: string; readonly result: string; readonly because: string }[];
    readonly onItsWay: readonly string[];
  }[];
  readonly entry?: { readonly verdict: string; readonly types: readonly string[]; readonly reason: string };
}

const VERDICTS: Readonly<Record<string, string>> = {
  leaves: 'LEAVES when it is asked for',
  asks: 'WAITS for approval of the demand',
  stays: 'STAYS here',
};

/** One case with the way to its answer, or each type with its answer; below it what becomes of an entry. */
export function printPolicyTest({ asked, explanations, entry }: PolicyTestView): string {
  const { program, programVersion = '', destination = '' } = asked;
  const what = `${program} ${programVersion}`.trim();
  const lines = [
    `${what}, to ${destination === '' ? 'nobody: this site has no destination' : destination}`,
    '',
  ];
  const [only] = explanations;
  if (only && explanations.length === 1) lines.push(...way(only));
  else if (explanations.length > 1) {
    const rows = explanations.map(({ type, verdict, because }) => [
      type,
      VERDICTS[verdict] ?? verdict,
      because,
    ]);
    lines.push(printTable(['information type', 'verdict', 'because'], rows));
  }
  if (entry) {
    const types = entry.types.length === 0 ? '' : ` (${entry.types.join(', ')})`;
    lines.push('', `the next pass would: ${entry.verdict}${types}: ${entry.reason}`);
  }
  return printableLines(lines.join('\n'));
}

/** A line for each step, its reason below it: rules are long, terminals are narrow. */
function way({
  type,
  verdict,
  because,
  steps,
  onItsWay,
}: PolicyTestView['explanations'][number]): readonly string[] {
  const told = steps.flatMap((step) => {
    const mark = step.result === 'decides' ? '=>' : '  ';
    const line = `${mark} ${step.result.padEnd(11)}  ${step.what}`;
    return step.because === '' ? [line] : [line, `${' '.repeat(18)}${step.because}`];
  });
  const then = onItsWay.length === 0 ? [] : ['', 'on its way out:', ...onItsWay.map((line) => `   ${line}`)];
  return [`${type} ${VERDICTS[verdict] ?? verdict}: ${because}`, '', ...told, ...then];
}
