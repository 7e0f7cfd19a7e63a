/** Something the program noted on its way, for the person who will read a report of its failure. */
export interface Breadcrumb {
  readonly message: string;
  readonly category?: string;
  readonly level?: 'debug' | 'info' | 'warning' | 'error';
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A crumb with its time, milliseconds since 1970. */
export type TimedBreadcrumb = Breadcrumb & { readonly at: number };

const KEPT = 100;
const MAX_TEXT = 512;
const MAX_MEMBERS = 16;
/** What a failure takes along; printed for people it still is below the 64 KB of its information type. */
const MAX_BYTES = 48 * 1024;

/** The last hundred breadcrumbs, in memory. */
export class BreadcrumbRing {
  readonly #ring: TimedBreadcrumb[] = [];
  #next = 0;

  /** Copies the crumb and gives the copy; texts are cut to 512 characters, members that are no plain values are left out. */
  add(crumb: Breadcrumb, at: number): TimedBreadcrumb {
    const copy = { at, ...copyOf(crumb) };
    this.#ring[this.#next] = copy;
    this.#next = (this.#next + 1) % KEPT;
    return copy;
  }

  /** Oldest first; the oldest are left out where all of them are more than 48 KB. */
  list(): readonly Breadcrumb[] {
    return newestCrumbs([...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]);
  }
}

/** The last ones that fit, of crumbs in their order: at most 100 and 48 KB. */
export function newestCrumbs(crumbs: readonly Breadcrumb[]): readonly Breadcrumb[] {
  let left = MAX_BYTES;
  const kept = crumbs.slice(-KEPT).reverse();
  const tooMany = kept.findIndex((crumb) => {
    left -= Buffer.byteLength(JSON.stringify(crumb)) + 1;
    return left < 0;
  });
  return (tooMany < 0 ? kept : kept.slice(0, tooMany)).reverse();
}

function copyOf(crumb: Breadcrumb): Breadcrumb {
  const { message, category, level, data } = crumb;
  return {
    message: String(message).slice(0, MAX_TEXT),
    ...(category === undefined ? {} : { category: String(category).slice(0, MAX_TEXT) }),
    ...(level === undefined ? {} : { level }),
    ...(data === undefined ? {} : { data: plainMembers(data) }),
  };
}

function plainMembers(data: object): Record<string, string | number | boolean | null> {
  const members: Record<string, string | number | boolean | null> = {};
  // Descriptors, so that no getter of the host runs.
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(data)).slice(
    0,
    MAX_MEMBERS,
  )) {
    const value: unknown = property.value;
    const name = key.slice(0, MAX_TEXT);
    if (typeof value === 'string') members[name] = value.slice(0, MAX_TEXT);
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) members[name] = value;
  }
  return members;
}
