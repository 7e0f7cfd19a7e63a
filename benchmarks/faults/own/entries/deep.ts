import { perform } from './operations.ts';

type Folder = { readonly name: string; readonly inner?: Folder };

function folders(depth: number): Folder {
  return depth === 0 ? { name: 'leaf' } : { name: `level-${depth}`, inner: folders(depth - 1) };
}

function visit(folder: Folder, act: () => unknown): unknown {
  if (folder.inner === undefined) return act();
  return visit(folder.inner, act);
}

const [operation = 'help', input = '{}'] = process.argv.slice(2);
visit(folders(14), () => perform(operation, JSON.parse(input)));
