/** Something the program noted on its way, for the person who will read a report of its failure. */
export interface Breadcrumb {
  readonly message: string;
  readonly category?: string;
  readonly level?: 'debug' | 'info' | 'warning' | 'error';
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

const KEPT = 100;
const MAX_TEXT = 512;
const MAX_MEMBERS = 16;

/** The last hundred breadcrumbs. They stay in memory; only a demand for them takes them into the spool. */
export class BreadcrumbRing {
  readonly #ring: (Breadcrumb & { readonly at: number })[] = [];
  #next = 0;

  /** Copies the crumb; texts are cut to 512 characters, members that are no plain values are left out. */
  add(crumb: Breadcrumb, at: number): void {
    this.#ring[this.#next] = { at, ...copyOf(crumb) };
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Oldest first. */
  list(): readonly Breadcrumb[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }
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
