/**
 * What goes into an entry: asked for by the site ∩ declared by the program ∩ allowed by its user ∩ still to be had.
 * Everything is scrubbed here, after collection, and no demand has a say in that; only a heap snapshot, the memory of the
 * program, cannot be.
 * @module
 */
import { HEAVY_PART_BYTES, informationType, type SignedDemand } from '@fr/protocol';
import { scrubText, scrubTree } from '@fr/scrub';
import { type Allowance, forbidden } from '../allowance.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import type { NotSent } from '../spool/receipts.ts';
import type { Spool } from '../spool/spool.ts';
import { collectBreadcrumbs } from './collectors/breadcrumbs.ts';
import type { Collected, NotThere } from './collectors/collected.ts';
import { collectDeclaredFile } from './collectors/declared-file.ts';
import { collectDiagnosticReport } from './collectors/diagnostic-report.ts';
import { collectEnvironment } from './collectors/environment.ts';
import { collectHeapSnapshot } from './collectors/heap-snapshot.ts';
import { collectLogTail } from './collectors/log-tail.ts';
import { collectOwn } from './collectors/own.ts';
import { collectPackages } from './collectors/packages.ts';
import { collectSourceContext } from './collectors/source-context.ts';
import { collectStack } from './collectors/stack.ts';
import { PLATFORM } from './site-trust.ts';

type Collector = (facts: FailureFacts, spool: Spool) => Collected | NotThere | undefined;

const COLLECTORS: Readonly<Record<string, Collector>> = {
  stack: collectStack,
  environment: collectEnvironment,
  breadcrumbs: collectBreadcrumbs,
  'diagnostic-report': collectDiagnosticReport,
  'source-context': collectSourceContext,
  packages: collectPackages,
  'heap-snapshot': collectHeapSnapshot,
  'log-tail': (facts, spool) => collectLogTail(facts, spool) ?? collectDeclaredFile('log-tail', facts),
};

function collectorOf(type: string): Collector | undefined {
  if (type.startsWith('attachment:')) return (facts) => collectDeclaredFile(type, facts);
  if (type.startsWith('x-')) return (facts, spool) => collectOwn(type, facts, spool);
  return Object.hasOwn(COLLECTORS, type) ? COLLECTORS[type] : undefined;
}

/** One piece of information, ready to travel. */
export interface CollectedPart {
  readonly type: string;
  readonly contentType: string;
  readonly bytes: number;
  /** In memory and scrubbed, or the path of a file that goes as it is. */
  readonly content: Uint8Array | { readonly file: string };
}

export interface Collection {
  readonly parts: readonly CollectedPart[];
  /** The demands that at least one part serves. */
  readonly demands: readonly string[];
  /** Where it failed, where one of them asks for certain platforms. */
  readonly platform?: string;
  /** Set where it was made of what was held, for a demand that came later: when, in milliseconds since 1970. */
  readonly recalledAt?: number;
  readonly notSent: readonly NotSent[];
}

/** Collects what believed demands ask for. */
export function collect(
  facts: FailureFacts,
  believed: readonly SignedDemand[],
  allowance: Allowance,
  spool: Spool,
): Collection {
  const wanted = [...new Set(believed.flatMap(({ terms }) => terms.types.map(({ type }) => type)))];
  let heavy = false;
  const found = wanted.map((type) => {
    const part = collectOne(type, facts, allowance, spool);
    if (typeof part === 'string' || part.bytes <= HEAVY_PART_BYTES) return { type, part };
    // Each of them takes a lease and time; the next failure brings the other.
    const second = heavy;
    heavy = true;
    return { type, part: second ? 'one-heavy-at-a-time' : part };
  });
  const parts = found.flatMap(({ part }) => (typeof part === 'string' ? [] : [part]));
  const types = new Set(parts.map(({ type }) => type));
  const served = believed.filter(({ terms }) => terms.types.some(({ type }) => types.has(type)));
  return {
    parts,
    demands: served.map(({ terms }) => terms.id),
    ...(served.some(({ terms }) => terms.when?.platforms) ? { platform: PLATFORM } : {}),
    notSent: found.flatMap(({ type, part }) => (typeof part === 'string' ? [{ type, why: part }] : [])),
  };
}

function collectOne(
  type: string,
  facts: FailureFacts,
  allowance: Allowance,
  spool: Spool,
): CollectedPart | string {
  const collector = collectorOf(type);
  // Nobody here could, whatever the program and its user allow: minidumps and cores, and what a newer site knows.
  if (!collector) return 'no-collector';
  const no = forbidden(type, allowance);
  if (no !== undefined) return no;
  try {
    const collected = collector(facts, spool);
    // What only the host can collect it collects at the next failure, having been asked before it.
    if (!collected) return informationType(type)?.collector === 'host' ? 'next-failure' : 'nothing-found';
    if ('notThere' in collected) return collected.notThere;
    const { contentType } = collected;
    const cap = informationType(type)?.cap ?? 0;
    if ('file' in collected) {
      const { file, bytes } = collected;
      return bytes > cap ? 'too-large' : { type, contentType, bytes, content: { file } };
    }
    const content = Buffer.from(scrubbed(collected), 'utf8');
    const bytes = content.byteLength;
    return bytes > cap ? 'too-large' : { type, contentType, bytes, content: new Uint8Array(content) };
  } catch {
    return 'collector-failed';
  }
}

function scrubbed(collected: Exclude<Collected, { readonly file: string }>): string {
  return 'text' in collected
    ? scrubText(collected.text).text
    : JSON.stringify(scrubTree(collected.tree).value, undefined, 1);
}
