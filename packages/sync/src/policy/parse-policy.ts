/**
 * Reads a policy file. Whatever is not understood is an error with its place, so that a misspelt word never means
 * "no rule", and an empty file is one too: an editor that is just writing must not look like "no rules at all". The
 * caller keeps the last good policy in force.
 * @module
 */
import { isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { POLICY_FORM } from './form/policy-form.ts';
import { type Complaint, readMap } from './form/read-form.ts';
import type { Policy } from './policy.ts';

/** What is wrong with a policy file, and where; line and column count from 1. */
export interface PolicyProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** The valid word nearest to the one that was not understood. */
  readonly nearest?: string;
}

/** A policy, or what is wrong with the file: the first thing, and all of them in the order of the file. */
export type ParsedPolicy =
  | { readonly policy: Policy }
  | { readonly error: PolicyProblem; readonly errors: readonly PolicyProblem[] };

/** Largest policy file, in characters. */
const MAX_POLICY_TEXT = 256 * 1024;

/** Parses and checks a whole policy. Never throws. */
export function parsePolicy(yamlText: string): ParsedPolicy {
  if (yamlText.length > MAX_POLICY_TEXT) {
    return wrong([{ message: `the file is longer than ${MAX_POLICY_TEXT} characters`, line: 1, column: 1 }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(yamlText.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    prettyErrors: false,
  });
  if (document.errors.length > 0) {
    return wrong(document.errors.map(({ message, pos }) => ({ message, ...place(lines, pos[0]) })));
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return wrong([{ message: 'the file is empty; a policy begins with "version: 1"', line: 1, column: 1 }]);
  }
  const complaints: Complaint[] = [];
  const lineOf = (node: Node): number => place(lines, node.range?.[0] ?? 0).line;
  const read = readMap(POLICY_FORM, contents, { complain: (one) => complaints.push(one), lineOf });
  if (complaints.length > 0) return wrong(complaints.map((one) => problemOf(one, lines)));
  // The form is written member by member after the type: what was read without complaint has its shape.
  return { policy: { offer: [], rules: [], ...read } as unknown as Policy };
}

function problemOf({ message, node, nearest }: Complaint, lines: LineCounter): PolicyProblem {
  const found = place(lines, node.range?.[0] ?? 0);
  return { message, ...found, ...(nearest === undefined ? {} : { nearest }) };
}

function wrong(problems: readonly PolicyProblem[]): ParsedPolicy {
  const errors = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const [error = { message: 'it is not understood', line: 1, column: 1 }] = errors;
  return { error, errors };
}

function place(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
