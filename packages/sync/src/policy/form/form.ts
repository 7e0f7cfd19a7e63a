/**
 * The form of a policy file as data: which members there are, what each may hold, what it means. The parser reads by
 * it and the published JSON Schema is printed from it, so that an editor and the server never disagree.
 * @module
 */

/** A fragment of JSON Schema. */
export type SchemaPiece = Readonly<Record<string, unknown>>;

/** What YAML makes of a single value. */
export type Scalars = 'string' | 'number' | 'boolean';

/** A single value. */
export interface LeafForm {
  readonly kind: 'leaf';
  readonly schema: SchemaPiece;
  readonly takes: readonly Scalars[];
  /** Whether a number is read as it was written: the version 1.10 is not 1.1. */
  readonly asWritten?: boolean;
  /** The value that the text means, or nothing where it means none. */
  readonly read: (text: string) => string | number | undefined;
  /** What should have stood there. */
  readonly expected: (text: string) => string;
  /** Words that may have been meant. */
  readonly words?: readonly string[];
}

/** One value, or a list of them of which any may fit. */
export interface ManyForm {
  readonly kind: 'many';
  readonly of: LeafForm;
}

/** A list of maps. */
export interface ListForm {
  readonly kind: 'list';
  readonly of: MapForm;
}

/** Named members; any other name is an error. */
export interface MapForm {
  readonly kind: 'map';
  /** As in "a rule has no …". */
  readonly what: string;
  readonly members: Readonly<Record<string, MemberForm>>;
  /** Members of which one has to be there. */
  readonly oneOf?: readonly string[];
  /** Whether what is read says on which line it begins. */
  readonly withLine?: boolean;
}

/** A member of a map. */
export interface MemberForm {
  readonly form: LeafForm | ManyForm | ListForm | MapForm;
  /** One sentence for people, shown by editors. */
  readonly about: string;
  /** What to say where it is missing; absent for one that may be left out. */
  readonly needed?: string;
}
