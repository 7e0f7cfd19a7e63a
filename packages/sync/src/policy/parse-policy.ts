/**
 * Reads a policy file. The form is small on purpose; whatever is not understood is an error with its place, so that
 * a misspelt word never means "no rule". The caller keeps the last good policy in force.
 * @module
 */
import { INFORMATION_TYPES, informationType } from '@fr/protocol';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { nearestWord } from './nearest-word.ts';
import { type OfferRule, POLICY_ACTIONS, type Policy, type PolicyAction, type PolicyRule } from './policy.ts';

/** What is wrong with a policy file, and where; line and column count from 1. */
export interface PolicyProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** The valid word nearest to the one that was not understood. */
  readonly nearest?: string;
}

/** A policy in force, or the first thing that is wrong with the file. */
export type ParsedPolicy = { readonly policy: Policy } | { readonly error: PolicyProblem };

/** Largest policy file, in characters. */
const MAX_POLICY_TEXT = 256 * 1024;

/** Carries a problem from the depth of the file to {@link parsePolicy}; never seen outside. */
class Misunderstood extends Error {
  readonly node: Node | undefined;
  readonly nearest: string | undefined;

  constructor(node: Node | undefined, message: string, nearest?: string) {
    super(nearest ? `${message}; did you mean "${nearest}"?` : message);
    this.node = node;
    this.nearest = nearest;
  }
}

/** Parses and checks a whole policy. An empty file is the default policy. Never throws. */
export function parsePolicy(yamlText: string): ParsedPolicy {
  if (yamlText.length > MAX_POLICY_TEXT) {
    return {
      error: { message: `the file is longer than ${MAX_POLICY_TEXT} characters`, line: 1, column: 1 },
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) return { error: { message: broken.message, ...place(lines, broken.pos[0]) } };
  try {
    return { policy: readPolicy(document.contents) };
  } catch (problem) {
    if (!(problem instanceof Misunderstood)) throw problem;
    const { message, nearest, node } = problem;
    return { error: { message, ...place(lines, node?.range?.[0] ?? 0), ...(nearest ? { nearest } : {}) } };
  }
}

function place(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function readPolicy(contents: Node | null): Policy {
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return { version: 1, offer: [], rules: [] };
  }
  const members = readMembers(contents, ['version', 'offer', 'rules'], 'a policy');
  const version = members.get('version');
  if (!version || scalar(version).value !== 1) {
    throw new Misunderstood(version ?? contents, 'a policy begins with "version: 1"');
  }
  return {
    version: 1,
    offer: readList(members.get('offer'), readOffer),
    rules: readList(members.get('rules'), readRule),
  };
}

function readOffer(node: Node): OfferRule {
  const members = readMembers(node, ['program', 'to'], 'an offer');
  const program = members.get('program');
  if (!program) throw new Misunderstood(node, 'an offer names a "program"');
  const to = members.get('to');
  return { program: readText(program), ...(to ? { to: readText(to) } : {}) };
}

const RULE_TEXTS = ['program', 'programVersion', 'module', 'to'] as const;

function readRule(node: Node): PolicyRule {
  const members = readMembers(node, [...RULE_TEXTS, 'type', 'largerThan', 'action'], 'a rule');
  const action = members.get('action');
  if (!action) throw new Misunderstood(node, 'a rule has an "action": allow, deny or ask');
  const texts = RULE_TEXTS.flatMap((name) => {
    const member = members.get(name);
    return member ? [[name, readText(member)] as const] : [];
  });
  const type = members.get('type');
  const largerThan = members.get('largerThan');
  return {
    ...Object.fromEntries(texts),
    ...(type ? { type: readType(type) } : {}),
    ...(largerThan ? { largerThan: readBytes(largerThan) } : {}),
    action: readAction(action),
  };
}

function readAction(node: Node): PolicyAction {
  const word = readText(node);
  const known = POLICY_ACTIONS.find((action) => action === word);
  if (known) return known;
  throw new Misunderstood(
    node,
    `"${word}" is not an action; there are ${POLICY_ACTIONS.join(', ')}`,
    nearestWord(word, POLICY_ACTIONS),
  );
}

function readType(node: Node): string {
  const type = readText(node);
  if (type.includes('*') || informationType(type)) return type;
  throw new Misunderstood(node, `"${type}" is not an information type`, nearestWord(type, INFORMATION_TYPES));
}

function readBytes(node: Node): number {
  const { value } = scalar(node);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Misunderstood(node, 'expected a whole number of bytes');
}

function readText(node: Node): string {
  const { value, source } = scalar(node);
  if (typeof value === 'string' && value !== '') return value;
  // A version such as 1.10 is a number to YAML; what was written is what is meant.
  if (typeof value === 'number' && source) return source;
  throw new Misunderstood(node, 'expected a word or a glob');
}

function scalar(node: Node): Scalar {
  if (isScalar(node)) return node;
  throw new Misunderstood(node, isAlias(node) ? 'write the value out here' : 'expected a single value');
}

function readList<T>(node: Node | undefined, readItem: (item: Node) => T): readonly T[] {
  if (!node || (isScalar(node) && node.value === null)) return [];
  if (!isSeq(node))
    throw new Misunderstood(node, 'expected a list, each item on a line that begins with "- "');
  return node.items.map((item) => readItem(item as Node));
}

function readMembers(node: Node, known: readonly string[], what: string): ReadonlyMap<string, Node> {
  if (!isMap(node)) throw new Misunderstood(node, `${what} is written as "name: value" lines`);
  return new Map((node as YAMLMap<Node, Node | null>).items.map((pair) => readMember(pair, known, what)));
}

function readMember(
  { key, value }: { readonly key: Node; readonly value: Node | null },
  known: readonly string[],
  what: string,
): readonly [string, Node] {
  const name = String(scalar(key).value);
  if (!known.includes(name)) {
    throw new Misunderstood(
      key,
      `${what} has no "${name}"; it has ${known.join(', ')}`,
      nearestWord(name, known),
    );
  }
  if (!value) throw new Misunderstood(key, `"${name}" has no value`);
  return [name, value];
}
