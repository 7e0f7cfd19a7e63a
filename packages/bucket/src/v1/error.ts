/** Locations of thrown values: one error, a chain of causes, or a set of errors. */
import type { ErrorFacts, ErrorFailure, Failure } from '../failure.ts';
import { errorKind } from './error-kind.ts';
import type { Found } from './found.ts';
import { printFound } from './found.ts';
import { findError } from './single-error.ts';
import type { Notes, Verdict } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

const MAX_CAUSES = 8;
const MAX_MEMBERS = 16;
const NOTHING: ErrorFacts = {};

export function locateError(failure: ErrorFailure, notes: Notes): Verdict {
  const { error } = failure;
  if (!isFacts(error)) leaveOut(notes, 'error', 'it is not an object');
  const found = findChain(isFacts(error) ? error : NOTHING, failure, notes, MAX_CAUSES);
  const { module, moduleVersion, frame } = found;
  return { module, moduleVersion, location: printFound(found), ...(frame && { frame }) };
}

/**
 * A chain is described by its root: the cause furthest down that has a frame of the program, because wrappers
 * change with the caller. The outermost class stays in the text. A cause without such a frame (a refused
 * connection, a parser of a module) is what was refused to the code that wrapped it.
 */
function findChain(error: ErrorFacts, failure: Failure, notes: Notes, depth: number): Found {
  const links = linksOf(error, notes).map((link) => ({ link, ...judged(link, failure, depth) }));
  const at = rootAt(links);
  const chosen = links[at];
  if (chosen === undefined) return findError(error, failure, notes);
  notes.rules.push(...chosen.notes.rules);
  notes.leftOut.push(...chosen.notes.leftOut);
  return asChain(links, at, chosen.found, notes);
}

function rootAt(links: readonly Link[]): number {
  const strengths = links.map(({ found }) => found.strength);
  if (strengths.includes('own')) return strengths.lastIndexOf('own');
  return strengths.includes('module') ? strengths.lastIndexOf('module') : links.length - 1;
}

interface Link {
  readonly link: ErrorFacts;
  readonly found: Found;
  readonly notes: Notes;
}

function judged(error: ErrorFacts, failure: Failure, depth: number): { found: Found; notes: Notes } {
  const notes: Notes = { rules: [], leftOut: [] };
  const members = Array.isArray(error.errors) ? error.errors.slice(0, MAX_MEMBERS).filter(isFacts) : [];
  const found = findError(error, failure, notes);
  if (members.length === 0 || depth <= 0) return { found, notes };
  return { found: findMembers(members, found, failure, notes, depth), notes };
}

function asChain(links: readonly Link[], at: number, chosen: Found, notes: Notes): Found {
  const outer = links[0];
  const root = links.at(-1);
  if (links.length < 2 || outer === undefined || root === undefined) return chosen;
  let { refused, kind } = chosen;
  if (at < links.length - 1) {
    const { module, refused: inner, kind: rootKind } = root.found;
    refused = [refused || inner || module, rootKind].filter((part) => part !== '').join(' ');
    ruleFired(notes, 'cause', `the cause has no frame of the program, it tells what was refused: ${refused}`);
  }
  if (at > 0) {
    kind = `${kind}<${errorKind(outer.link)}`;
    ruleFired(
      notes,
      'root-cause',
      'of a chain the innermost error with a place; the outer class stays in the text',
    );
    leaveOut(notes, 'frames of the wrapping errors', 'they tell who asked, not what failed');
  }
  return { ...chosen, refused, kind };
}

/** Of several errors at once, the set of their places; one place if they share it. */
function findMembers(
  members: readonly ErrorFacts[],
  whole: Found,
  failure: Failure,
  notes: Notes,
  depth: number,
): Found {
  const founds = members.map((member) => findChain(member, failure, { rules: [], leftOut: [] }, depth - 1));
  const placed = founds.filter(({ strength }) => strength !== 'none');
  const texts = distinct((placed.length > 0 ? placed : founds).map(memberText));
  const [first] = placed.length > 0 ? placed : founds;
  if (first === undefined) return whole;
  if (placed.length === 0 && whole.strength !== 'none') {
    ruleFired(notes, 'members', 'the errors inside have no place of their own; they tell what was refused');
    return {
      ...whole,
      refused: [whole.refused, ...distinct(founds.map(({ kind }) => kind))].join(' ').trim(),
    };
  }
  ruleFired(notes, 'members', 'several errors at once: the sorted set of their places');
  if (texts.length === 1) return first;
  const where = `{${texts.join(' + ')}}`;
  return {
    ...first,
    module: '',
    moduleVersion: '',
    where,
    refused: '',
    kind: whole.kind.split(' ', 1).join(),
  };
}

function memberText(found: Found): string {
  return `${found.module === '' ? '' : `${found.module}/`}${printFound(found)}`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function linksOf(error: ErrorFacts, notes: Notes): ErrorFacts[] {
  const links = [error];
  for (let cause: unknown = error.cause; isFacts(cause); cause = cause.cause) {
    if (links.includes(cause) || links.length >= MAX_CAUSES) {
      leaveOut(notes, 'further causes', 'the chain is a circle or too long');
      break;
    }
    links.push(cause);
  }
  return links;
}

function isFacts(value: unknown): value is ErrorFacts {
  return typeof value === 'object' && value !== null;
}
