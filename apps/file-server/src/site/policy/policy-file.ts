import { readFile } from 'node:fs/promises';
import { type Policy, type PolicyProblem, parsePolicy } from '@fr/sync';

/** What a policy file holds at the moment. */
export type PolicyFile =
  | { readonly state: 'good'; readonly policy: Policy; readonly text: string }
  | { readonly state: 'broken'; readonly problems: readonly PolicyProblem[]; readonly text: string }
  | { readonly state: 'unreadable'; readonly why: string };

/** Reads and parses a policy file. Never throws. */
export async function readPolicyFile(file: string): Promise<PolicyFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { state: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
  return parseText(text);
}

/** Parses the text of a policy file. */
export function parseText(text: string): Exclude<PolicyFile, { readonly state: 'unreadable' }> {
  const parsed = parsePolicy(text);
  return 'policy' in parsed
    ? { state: 'good', policy: parsed.policy, text }
    : { state: 'broken', problems: parsed.errors, text };
}

/** A problem as editors and people find it: `FILE:3:13: …`. */
export function placedProblem(file: string, { line, column, message }: PolicyProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** What is wrong with a file, in one line. */
export function fileProblem(file: string, found: Exclude<PolicyFile, { readonly state: 'good' }>): string {
  if (found.state === 'unreadable') return `the policy file ${file} cannot be read: ${found.why}`;
  const [first] = found.problems;
  const more = found.problems.length > 1 ? ` (and ${found.problems.length - 1} more: \`policy check\`)` : '';
  return `${first ? placedProblem(file, first) : `${file} is not understood`}${more}`;
}
