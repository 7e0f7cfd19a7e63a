/**
 * Code of the program that has a say at a failure: `beforeReport`, and its own collectors. It runs inside the listener of
 * a program that may be dying, so whatever it does stays here: throws are caught, endless loops end.
 * @module
 */
import type { ErrorFacts } from '@fr/bucket';
import type { BeforeReport, FailurePreview, OwnCode, OwnCollector } from '../host/own-code.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import type { SpoolPart } from '../spool/spool.ts';
import { bounded } from './bounded.ts';

const BEFORE_REPORT_MS = 100;
const COLLECT_MS = 100;
/** All collectors together: a demand may name many. */
const COLLECTORS_MS = 300;
const DEFAULT_BYTES = 64 * 1024;
const MAX_BYTES = 1024 * 1024;

/** What may be collected of a failure after the program was asked, or that it wants it given up. */
export function declaredAfter(
  beforeReport: BeforeReport | undefined,
  facts: Pick<FailureFacts, 'failure' | 'outcome' | 'count' | 'declared'>,
): readonly string[] | 'drop' {
  if (typeof beforeReport !== 'function') return facts.declared;
  const said = bounded(() => readVerdict(beforeReport(previewOf(facts))), BEFORE_REPORT_MS);
  // A word that could not be had: it is counted, and nothing else of it is shown to anybody.
  if (said === undefined) return [];
  const { value } = said;
  return value === 'drop' ? value : facts.declared.filter((type) => !value.includes(type));
}

function readVerdict(verdict: ReturnType<BeforeReport>): 'drop' | readonly string[] {
  if (verdict === 'drop' || verdict === undefined || verdict === null) return verdict ?? [];
  const { without } = verdict;
  if (!Array.isArray(without)) throw new TypeError('neither `drop` nor `without`');
  return without.map(String);
}

function previewOf({
  failure,
  outcome,
  count,
  declared,
}: Parameters<typeof declaredAfter>[1]): FailurePreview {
  const { kind, program, programVersion } = failure;
  const { name, message, stack }: Partial<ErrorFacts> = failure.kind === 'error' ? failure.error : {};
  return Object.freeze({
    kind,
    outcome,
    count,
    program,
    programVersion,
    ...(name === undefined ? {} : { name }),
    ...(message === undefined ? {} : { message }),
    ...(stack === undefined ? {} : { stack }),
    types: Object.freeze([...declared]),
  });
}

/** What the program's own collectors give, for the types that are asked for. */
export function ownParts(
  { collectors }: OwnCode,
  takes: (type: string) => boolean,
  clock: () => number = () => performance.now(),
): readonly SpoolPart[] {
  const wanted = Object.entries(collectors).filter(([type]) => takes(type));
  // Asking the clock for the first time takes a dying program a millisecond.
  if (wanted.length === 0) return [];
  const until = clock() + COLLECTORS_MS;
  return wanted.flatMap(([type, collector]) => {
    if (clock() >= until) return [];
    const content = contentOf(collector);
    return content === undefined ? [] : [{ type, content }];
  });
}

function contentOf({ collect, maxBytes = DEFAULT_BYTES }: OwnCollector): string | undefined {
  // As JSON within the same time: that may run code of the program, too.
  const given = bounded(() => {
    const value = collect();
    return value instanceof Promise ? (value as Promise<never>) : JSON.stringify(value);
  }, COLLECT_MS);
  const text = given?.value;
  if (typeof text !== 'string') return undefined;
  return Buffer.byteLength(text) <= Math.min(maxBytes, MAX_BYTES) ? text : undefined;
}
