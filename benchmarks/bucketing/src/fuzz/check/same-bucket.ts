/** Rewriting what must not count — where the program lies, what the message says, who called — changes no bucket. */
import { bucketOf, type ErrorFacts, type ErrorFailure, explain, type Failure, problemKey } from '@fr/bucket';
import { movedTo } from '../../generate/operating-system.ts';
import { failureFrom, type Specimen } from '../specimen.ts';
import {
  type DraftFrame,
  draftFrames,
  ownFrame,
  printedV8,
  type Root,
  rootFolder,
} from '../stack-grammar.ts';
import { mutated, soup } from '../token-soup.ts';
import { type Check, type Seed, suitableSeed } from './check.ts';

const PROGRAM = 'shop';
const MANIFEST = JSON.stringify({ name: PROGRAM, version: '1.2.0' });

/** Made-up programs with a package.json, moved to another folder, perhaps of another operating system. */
export const movedProgram: Check = {
  name: 'moved program',
  make: (random) => ({
    failure: {},
    sources: {},
    maps: {},
    mapsAs: 'text',
    more: {
      frames: [...draftFrames(random), ownFrame(random)],
      from: rootFolder(random),
      to: rootFolder(random),
    },
  }),
  complaint: ({ more }) => {
    const frames = more['frames'] as readonly DraftFrame[];
    const [from, to] = [more['from'], more['to']] as readonly Root[];
    if (from === undefined || to === undefined) return undefined;
    return difference('place of the program', at(frames, from), at(frames, to));
  },
};

function at(frames: readonly DraftFrame[], root: Root): ErrorFailure {
  const stack = `TypeError: x\n${printedV8(frames, root)}`;
  const manifest = `${root.folder.replaceAll('\\', '/')}/package.json`;
  return {
    kind: 'error',
    program: PROGRAM,
    programVersion: '1.2.0',
    error: { name: 'TypeError', message: 'x', stack },
    source: (file) => (sameFile(file, manifest) ? MANIFEST : undefined),
  };
}

/** What a file system takes for one path; Windows ignores case, too, but nothing here differs in that. */
function sameFile(asked: string, path: string): boolean {
  return asked.replaceAll('\\', '/') === path;
}

/** Cases of the corpus, moved. */
export const movedCase: Check = {
  name: 'moved case',
  make: (random, seeds) => {
    const seed = suitableSeed(random, seeds, (each) => each.root !== undefined);
    const { folder, windows } = rootFolder(random);
    return seed && { ...specimenOf(seed), more: { from: seed.root, to: folder, windows } };
  },
  complaint: (specimen) => {
    const { from, to, windows } = specimen.more;
    const failure = specimen.failure as ErrorFailure;
    const place = { platform: windows === true ? 'win32' : 'darwin', folder: String(to) } as const;
    const { program, programVersion, error: there } = failure;
    const { sources: files, maps: known } = specimen;
    const one = {
      fault: '',
      scope: 'operating-system',
      how: '',
      program,
      programVersion,
      error: there,
    } as const;
    const moved = movedTo(place, String(from), { ...one, sources: files, maps: known });
    const { error, sources, maps } = moved;
    const twin = failureFrom({ ...specimen, failure: { ...failure, error }, sources, maps });
    return difference('place of the program', failureFrom(specimen), twin);
  },
};

/** Another message, in the error and at the head of its stack, where the message was not all that is known. */
export const otherMessage: Check = {
  name: 'other message',
  make: (random, seeds) => {
    const seed = random.anyOf(seeds);
    const message = random.oneIn(2)
      ? soup(random, 'stack', 10)
      : mutated(random, seed?.one.error.message ?? 'x is undefined', 'stack');
    if (seed !== undefined && random.oneIn(2)) return { ...specimenOf(seed), more: { message } };
    const frames = [...draftFrames(random), ownFrame(random)];
    const stack = `TypeError: old words\n${printedV8(frames, rootFolder(random))}`;
    return { ...madeUp({ name: 'TypeError', message: 'old words', stack }), more: { message } };
  },
  complaint: (specimen) => {
    const failure = failureFrom(specimen);
    const error = plainError(failure);
    const { message, stack } = error ?? {};
    if (typeof message !== 'string' || message === '' || typeof stack !== 'string') return undefined;
    const head = stack.indexOf(message);
    if (!firedOnly(failure, ['message-class', 'code-only', 'recursion', 'unreadable'])) return undefined;
    if (head < 0 || head > (error?.name?.length ?? 0) + 40) return undefined;
    const other = String(specimen.more['message']);
    if (/^(?:Maximum call stack|too much recursion)/.test(other)) return undefined;
    const otherStack = stack.slice(0, head) + other + stack.slice(head + message.length);
    const twin = { ...failure, error: { ...error, message: other, stack: otherStack } } as Failure;
    return difference('message', failure, twin);
  },
};

/** More callers at the end of the stack, where a frame of the program itself was held responsible. */
export const moreCallers: Check = {
  name: 'more callers',
  make: (random, seeds) => {
    const root = rootFolder(random);
    const callers = printedV8([ownFrame(random), ...draftFrames(random, 5)], root);
    const seed = random.anyOf(seeds);
    if (seed !== undefined && random.oneIn(2)) return { ...specimenOf(seed), more: { callers } };
    const stack = `TypeError: x\n${printedV8([ownFrame(random), ...draftFrames(random)], root)}`;
    return { ...madeUp({ name: 'TypeError', message: 'x', stack }), more: { callers } };
  },
  complaint: (specimen) => {
    const failure = failureFrom(specimen);
    const error = plainError(failure);
    if (typeof error?.stack !== 'string' || !/^\s+at /m.test(error.stack)) return undefined;
    if (!explain(failure).rules.some(({ rule }) => rule === 'own-frame')) return undefined;
    if (!firedOnly(failure, ['recursion', 'unreadable'])) return undefined;
    // A callback of `map` lies in the function below it: with nothing below, a caller is the first to tell.
    const chosen = explain(failure).frame;
    if (chosen === undefined || isLast(chosen.text, error.stack)) return undefined;
    const stack = `${error.stack}\n${String(specimen.more['callers'])}`;
    return difference('callers', failure, { ...failure, error: { ...error, stack } } as Failure);
  },
};

function isLast(frame: string, stack: string): boolean {
  const rest = stack.slice(stack.lastIndexOf(frame.trim()) + frame.trim().length);
  return !/^\s+at (?!Array\.|Map\.|<anonymous>|native)/m.test(rest);
}

function plainError(failure: Failure): ErrorFacts | undefined {
  if (failure?.kind !== 'error') return undefined;
  const { cause, errors } = failure.error ?? {};
  return cause === undefined && errors === undefined ? failure.error : undefined;
}

function firedOnly(failure: Failure, without: readonly string[]): boolean {
  return !explain(failure).rules.some(({ rule }) => without.includes(rule));
}

function difference(of: string, one: Failure, other: Failure): string | undefined {
  const [before, after] = [one, other].map((failure) => problemKey(bucketOf(failure)));
  return before === after ? undefined : `${of} counts: ${before} became ${after}`;
}

function specimenOf({ one, sources, maps }: Seed): Specimen {
  const { program, programVersion, error } = one;
  return {
    failure: { kind: 'error', program, programVersion, error },
    sources,
    maps,
    mapsAs: 'text',
    more: {},
  };
}

function madeUp(error: ErrorFacts): Specimen {
  const failure = { kind: 'error', program: PROGRAM, programVersion: '1.2.0', error };
  return { failure, sources: {}, maps: {}, mapsAs: 'text', more: {} };
}
