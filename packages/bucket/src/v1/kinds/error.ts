/** Locations of thrown values: one error, a chain of causes, or a set of errors. */
import type { ErrorFacts, ErrorFailure, Failure } from '../../failure.ts';
import { isObject } from '../../total.ts';
import { errorKind } from '../error-kind.ts';
import type { Notes } from '../notes.ts';
import { leaveOut, newNotes, ruleFired } from '../notes.ts';
import { findError } from '../single-error.ts';
import type { Found, Verdict } from '../verdict.ts';
import { joined, NOWHERE, printFound, sortedSet } from '../verdict.ts';

const MAX_CAUSES = 8;
const MAX_MEMBERS = 16;
/** Of one failure, whatever holds whatever: causes and members may form circles. */
const MAX_ERRORS = 64;

interface Budget {
  errors: number;
}

interface Link {
  readonly error: ErrorFacts;
  readonly found: Found;
  readonly notes: Notes;
}

export function locateError(failure: ErrorFailure, notes: Notes): Verdict {
  const { error } = failure;
  if (!isObject(error)) leaveOut(notes, 'error', 'shape');
  const found = findChain(isObject(error) ? error : {}, failure, notes, { errors: MAX_ERRORS });
  return { ...found, location: printFound(found) };
}

/**
 * A chain is described by its root: the cause furthest down that has a frame of the program, because wrappers
 * change with the caller. The outermost class stays in the text. A cause without such a frame (a refused
 * connection, a parser of a module) is what was refused to the code that wrapped it.
 */
function findChain(error: ErrorFacts, failure: Failure, notes: Notes, budget: Budget): Found {
  const links = linksOf(error, notes).map((link): Link => {
    const own = newNotes();
    return { error: link, notes: own, found: findMembers(link, failure, own, budget) };
  });
  const nearness = links.map(({ found }) => found.nearness);
  const at = nearness.lastIndexOf(Math.max(...nearness) as Found['nearness']);
  const { found, notes: fired } = links[at] as Link;
  notes.rules.push(...fired.rules);
  notes.leftOut.push(...fired.leftOut);
  let { refused, kind } = found;
  const root = links.slice(at + 1).at(-1)?.found;
  if (root) {
    refused = joined([refused || root.refused || root.module, root.kind]);
    ruleFired(notes, 'cause', refused);
  }
  if (at > 0) {
    kind += `<${errorKind(error, true)}`;
    ruleFired(notes, 'root-cause');
    leaveOut(notes, 'frames of the wrapping errors', 'asked');
  }
  return { ...found, refused, kind };
}

/** Of several errors at once, the set of their places; one place if they share it. */
function findMembers(error: ErrorFacts, failure: Failure, notes: Notes, budget: Budget): Found {
  budget.errors--;
  const whole = findError(error, failure, notes);
  const members = Array.isArray(error.errors) ? error.errors.slice(0, MAX_MEMBERS).filter(isObject) : [];
  const founds = members.flatMap((member) =>
    budget.errors > 0 ? findChain(member, failure, newNotes(), budget) : [],
  );
  const placed = founds.filter(({ nearness }) => nearness !== NOWHERE);
  const told = placed.length > 0 ? placed : founds;
  const [first] = told;
  if (!first) return whole;
  ruleFired(notes, 'members');
  if (placed.length === 0 && whole.nearness !== NOWHERE) {
    return { ...whole, refused: joined([whole.refused, ...sortedSet(founds.map(({ kind }) => kind))]) };
  }
  const places = sortedSet(told.map((found) => joined([found.module, printFound(found)], '/')));
  if (places.length === 1) return first;
  const [kind = ''] = whole.kind.split(' ');
  return { ...first, module: '', version: '', where: `{${places.join(' + ')}}`, refused: '', kind };
}

function linksOf(error: ErrorFacts, notes: Notes): ErrorFacts[] {
  const links = [error];
  for (let { cause } = error; isObject(cause); { cause } = cause) {
    if (links.includes(cause) || links.length >= MAX_CAUSES) {
      leaveOut(notes, 'further causes', 'chain');
      break;
    }
    links.push(cause);
  }
  return links;
}
