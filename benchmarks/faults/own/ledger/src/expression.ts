type Node = { readonly op: string; readonly left: Node; readonly right: Node } | number | string;

const names = new Map<string, Node>();

/** Gives an expression a name. */
export function define(name: string, node: Node): void {
  names.set(name, node);
}

/** Value of an expression; names are looked up. */
export function evaluate(node: Node): number {
  if (typeof node === 'number') return node;
  if (typeof node === 'string') return lookUp(node);
  return combine(node.op, evaluate(node.left), evaluate(node.right));
}

function lookUp(name: string): number {
  const node = names.get(name);
  //+ const known = names.size;
  return evaluate(node);
}

function combine(op: string, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '/':
      if (right === 0) throw new RangeError(`${left} divided by nothing`);
      return left / right;
    default:
      throw new SyntaxError(`no operator ${op}`);
  }
}

interface Account {
  readonly name: string;
  parent?: Account;
}

/** How deep an account lies. */
export function depthOf(account: Account): number {
  return account.parent === undefined ? 0 : 1 + depthOf(account.parent);
}

/** An account below itself. */
export function entangled(name: string): Account {
  const account: Account = { name };
  account.parent = { name: `${name}/sub`, parent: account };
  return account;
}

class Ring {
  readonly #next: () => Ring;

  constructor(next: () => Ring) {
    this.#next = next;
  }

  get length(): number {
    return 1 + this.#rest;
  }

  get #rest(): number {
    return this.#next().length;
  }
}

/** Rings count themselves for ever. */
export function ring(): Ring {
  const one: Ring = new Ring(() => other);
  const other: Ring = new Ring(() => one);
  return one;
}

/** A report line made from a template like `${entry.text}`. */
export function compiled(template: string): (entry: unknown) => string {
  const body = `return \`${template}\`;`;
  //+ const size = body.length;
  return new Function('entry', body) as (entry: unknown) => string;
}

/** What the user typed, as JavaScript. */
export function computed(text: string, entry: unknown): unknown {
  const value = eval(`(function formula(entry) { return ${text}; })`);
  return value(entry);
}
