/**
 * Reads a YAML tree by its form. Goes on behind a mistake, so that a person hears of all of them at once.
 * @module
 */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { LeafForm, ListForm, ManyForm, MapForm, MemberForm } from './form.ts';
import { nearestWord } from './nearest-word.ts';

/** Something that is not understood. */
export interface Complaint {
  readonly node: Node;
  readonly message: string;
  /** The valid word nearest to what stands there. */
  readonly nearest?: string;
}

/** Where complaints go, and which line a node begins on. */
export interface Reading {
  readonly complain: (complaint: Complaint) => void;
  readonly lineOf: (node: Node) => number;
}

/** A map's value as a plain object; members that are not understood are complained of and left out. */
export function readMap(form: MapForm, node: Node, reading: Reading): Readonly<Record<string, unknown>> {
  if (!isMap(node)) {
    reading.complain({ node, message: `${form.what} is written as "name: value" lines` });
    return {};
  }
  const members = (node.items as readonly Pair<Node, Node | null>[]).map((pair) =>
    readMember(form, pair, reading),
  );
  const names = new Set(members.map(([name]) => name));
  for (const [name, { needed }] of Object.entries(form.members)) {
    if (needed !== undefined && !names.has(name)) reading.complain({ node, message: needed });
  }
  if (form.oneOf && !form.oneOf.some((name) => names.has(name))) {
    reading.complain({
      node,
      message: `${form.what} has ${form.oneOf.map((name) => `"${name}"`).join(' or ')}`,
    });
  }
  const understood = members.filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(understood),
    ...(form.withLine === true ? { line: reading.lineOf(node) } : {}),
  };
}

function readMember(
  form: MapForm,
  { key, value }: Pair<Node, Node | null>,
  reading: Reading,
): readonly [string, unknown] {
  const name = isScalar(key) ? String(key.value) : '';
  const member = Object.hasOwn(form.members, name) ? form.members[name] : undefined;
  if (!member) {
    const known = Object.keys(form.members);
    reading.complain(
      complaint(key, `${form.what} has no "${name}"; it has ${known.join(', ')}`, name, known),
    );
    return [name, undefined];
  }
  return [name, readValue(member, name, key, value, reading)];
}

function readValue(
  { form }: MemberForm,
  name: string,
  key: Node,
  value: Node | null,
  reading: Reading,
): unknown {
  const empty = !value || (isScalar(value) && value.value === null);
  if (form.kind === 'list') return empty ? [] : readList(form, value, reading);
  if (empty) {
    reading.complain({ node: key, message: `"${name}" has no value` });
    return undefined;
  }
  if (form.kind === 'map') return readMap(form, value, reading);
  return form.kind === 'many' ? readMany(form, value, reading) : readLeaf(form, value, reading);
}

function readList(form: ListForm, node: Node, reading: Reading): readonly unknown[] {
  if (isSeq(node)) return node.items.map((item) => readMap(form.of, item as Node, reading));
  reading.complain({ node, message: 'expected a list, each item on a line that begins with "- "' });
  return [];
}

function readMany(form: ManyForm, node: Node, reading: Reading): unknown {
  if (!isSeq(node)) return readLeaf(form.of, node, reading);
  if (node.items.length === 0) reading.complain({ node, message: 'expected at least one value' });
  return node.items.map((item) => readLeaf(form.of, item as Node, reading));
}

function readLeaf(form: LeafForm, node: Node, reading: Reading): unknown {
  if (!isScalar(node)) {
    const message = isAlias(node) ? 'write the value out here' : 'expected a single value';
    reading.complain({ node, message });
    return undefined;
  }
  const { value, source } = node;
  const kind = typeof value;
  const text = kind === 'number' && form.asWritten === true ? (source ?? String(value)) : String(value ?? '');
  const taken = form.takes.some((takes) => takes === kind);
  const read = taken ? form.read(text) : undefined;
  if (read === undefined) {
    const quotes = !taken && kind === 'number' && form.read(text) !== undefined ? '; write it in quotes' : '';
    reading.complain(complaint(node, `${form.expected(text)}${quotes}`, text, form.words ?? []));
  }
  return read;
}

function complaint(node: Node, message: string, word: string, known: readonly string[]): Complaint {
  const nearest = nearestWord(word, known);
  return nearest === undefined
    ? { node, message }
    : { node, message: `${message}; did you mean "${nearest}"?`, nearest };
}
