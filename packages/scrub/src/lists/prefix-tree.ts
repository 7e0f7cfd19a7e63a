/**
 * Many prefixes, asked for at once: one step for each letter with which one of them still goes on. Kept in flat arrays,
 * since this is asked at many of the words of a text. Node 0 stands for the empty prefix.
 */
export interface PrefixTree<Item> {
  /** The last letter of each node. */
  readonly signs: Uint8Array;
  /** The first node that is one letter longer, and the next one beside it; 0 for none. */
  readonly children: Uint16Array;
  readonly siblings: Uint16Array;
  /** The node of each first letter. */
  readonly starts: Uint16Array;
  /** The items whose prefix ends at a node or above it, the longest prefix first. */
  readonly items: readonly (readonly Item[])[];
}

const NONE: readonly never[] = [];

/** The tree of these items by their ASCII prefixes, of one letter or more. */
export function prefixTree<Item extends { readonly prefix: string }>(
  list: readonly Item[],
): PrefixTree<Item> {
  const most = 1 + list.reduce((sum, { prefix }) => sum + prefix.length, 0);
  const items: (readonly Item[])[] = [[]];
  const parents = new Uint16Array(most);
  const tree = {
    signs: new Uint8Array(most),
    children: new Uint16Array(most),
    siblings: new Uint16Array(most),
    starts: new Uint16Array(128),
    items,
  };
  for (const item of list) {
    let node = 0;
    for (let index = 0; index < item.prefix.length; index += 1) {
      const sign = item.prefix.charCodeAt(index);
      const known = childOf(tree, node, sign);
      const child = known === 0 ? grow(tree, items.push(NONE) - 1, node, sign) : known;
      parents[child] = node;
      node = child;
    }
    items[node] = [...(items[node] ?? NONE), item];
  }
  // A node is younger than the one above it, which therefore has what lies above it already.
  for (let node = 1; node < items.length; node += 1) {
    const above = items[parents[node] ?? 0] ?? NONE;
    items[node] = items[node] === NONE ? above : [...(items[node] ?? NONE), ...above];
  }
  return tree;
}

function grow<Item>(tree: PrefixTree<Item>, node: number, parent: number, sign: number): number {
  tree.signs[node] = sign;
  tree.siblings[node] = tree.children[parent] ?? 0;
  tree.children[parent] = node;
  if (parent === 0) tree.starts[sign] = node;
  return node;
}

function childOf<Item>(
  { signs, children, siblings, starts }: PrefixTree<Item>,
  parent: number,
  sign: number,
): number {
  if (parent === 0) return starts[sign] ?? 0;
  let node = children[parent] ?? 0;
  while (node !== 0 && signs[node] !== sign) node = siblings[node] ?? 0;
  return node;
}

/** The items whose prefix stands at `at`, the longest first. */
export function itemsAt<Item>(tree: PrefixTree<Item>, codes: Uint8Array, at: number): readonly Item[] {
  let node = tree.starts[codes[at] ?? 0] ?? 0;
  for (let index = at + 1; ; index += 1) {
    const longer = childOf(tree, node, codes[index] ?? 0);
    if (longer === 0) return tree.items[node] ?? [];
    node = longer;
  }
}
