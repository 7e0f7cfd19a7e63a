/** Counts page views; glued in front of the shop by the deploy script. */
interface View {
  readonly path: string;
  readonly at: number;
}

const views: View[] = [];

function note(path: string): number {
  views.push({ path, at: Date.now() });
  return views.length;
}

(globalThis as { countView?: typeof note }).countView = note;
note(typeof location === 'undefined' ? 'process' : location.pathname);
