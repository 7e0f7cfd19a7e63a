import { accounts, bars, checked, columns, gaps, parseAmount, readStatement } from './book.ts';
import {
  balance,
  based,
  bytes,
  compare,
  localised,
  matcher,
  nameIn,
  normal,
  rateServer,
  stamp,
} from './convert.ts';
import { compiled, computed, define, depthOf, entangled, evaluate, ring } from './expression.ts';
import {
  edit,
  listBooks,
  loadAll,
  loadBook,
  loadRates,
  pack,
  print,
  readSettings,
  show,
  size,
} from './files.ts';

type Input = any;

const operations: Record<string, (input: Input) => unknown> = {
  help: () => '',
  amount: (input) => parseAmount(input.text),
  statement: (input) => readStatement(input.text),
  gaps: (input) => gaps(input.from, input.to, new Set()),
  check: (input) => checked(input.lines),
  bars: (input) => bars(input.amounts),
  columns: (input) => columns(input.count),
  accounts: (input) => accounts(input.book),
  evaluate(input) {
    for (const [name, node] of Object.entries(input.names ?? {})) define(name, node as number);
    return evaluate(input.node);
  },
  depth: (input) => depthOf(entangled(input.name)),
  ring: () => ring().length,
  template: (input) => compiled(input.template)(input.entry),
  formula: (input) => computed(input.text, input.entry),
  settings: (input) => readSettings(input.path),
  books: (input) => listBooks(input.folder),
  show: (input) => show(input.path),
  size: (input) => size(input.path),
  print: (input) => print(input.path),
  load: (input) => loadBook(input.path),
  rates: (input) => loadRates(input.path),
  loadAll: (input) => loadAll(input.path, input.rates),
  pack: (input) => pack(input.packer, input.path),
  edit: (input) => edit(input.editor, input.path),
  balance: (input) => balance(input.left, input.right),
  compare: (input) => compare(input.book, input.copy),
  name: (input) => nameIn(input.link),
  server: (input) => rateServer(input.address),
  match: (input) => matcher(input.pattern),
  bytes: (input) => bytes(input.text),
  local: (input) => localised(input.amount, input.locale),
  base: (input) => based(input.amount, input.base),
  stamp: (input) => stamp(input.seconds),
  normal: (input) => normal(input.word, input.form),
};

/** Does one thing by its name. */
export function perform(operation: string, input: Input): unknown {
  const act = operations[operation];
  if (act === undefined) throw new Error(`no operation ${operation}`);
  return act(input);
}
