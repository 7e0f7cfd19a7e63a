/**
 * The closed vocabulary of what can be asked for. A demand names one of these and nothing else: no path, no query.
 * @module
 */

/** Consent levels, rising. Each allows what the lower ones allow. `ask` stands outside: it asks at the next start. */
export const CONSENT_LEVELS = ['off', 'count', 'minimal', 'standard', 'full'] as const;
export type ConsentLevel = (typeof CONSENT_LEVELS)[number];

/** What the system knows of one information type. */
export interface InformationTypeFacts {
  /** Who collects it: the failing `host`, the `reporter` afterwards, or the `supervisor` of a native program. */
  readonly collector: 'host' | 'reporter' | 'supervisor';
  /** Lowest consent level at which it may be collected. */
  readonly fromLevel: ConsentLevel;
  /** Whether a program that says nothing has declared it. */
  readonly declared: boolean;
  /** Whether it may leave a site whose policy says nothing: at once, or after an administrator's approval. */
  readonly leaves: 'allow' | 'ask';
  /** Bytes of one part at the most. */
  readonly cap: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

const FACTS: Readonly<Record<string, InformationTypeFacts>> = {
  stack: { collector: 'host', fromLevel: 'minimal', declared: true, leaves: 'allow', cap: 64 * KIB },
  environment: {
    collector: 'reporter',
    fromLevel: 'minimal',
    declared: true,
    leaves: 'allow',
    cap: 16 * KIB,
  },
  'source-context': {
    collector: 'reporter',
    fromLevel: 'standard',
    declared: true,
    leaves: 'ask',
    cap: 64 * KIB,
  },
  breadcrumbs: { collector: 'host', fromLevel: 'standard', declared: true, leaves: 'ask', cap: 64 * KIB },
  packages: { collector: 'reporter', fromLevel: 'standard', declared: true, leaves: 'ask', cap: 64 * KIB },
  'diagnostic-report': {
    collector: 'host',
    fromLevel: 'standard',
    declared: true,
    leaves: 'ask',
    cap: 256 * KIB,
  },
  'log-tail': { collector: 'reporter', fromLevel: 'full', declared: false, leaves: 'ask', cap: 64 * MIB },
  'heap-snapshot': { collector: 'host', fromLevel: 'full', declared: false, leaves: 'ask', cap: 1024 * MIB },
  minidump: { collector: 'supervisor', fromLevel: 'full', declared: false, leaves: 'ask', cap: 64 * MIB },
  core: { collector: 'supervisor', fromLevel: 'full', declared: false, leaves: 'ask', cap: 64 * MIB },
};

const ATTACHMENT: InformationTypeFacts = {
  collector: 'reporter',
  fromLevel: 'full',
  declared: false,
  leaves: 'ask',
  cap: 64 * MIB,
};
const OWN: InformationTypeFacts = {
  collector: 'host',
  fromLevel: 'full',
  declared: true,
  leaves: 'ask',
  cap: 64 * MIB,
};

/** The types with a fixed name, in the order they are listed to people. */
export const INFORMATION_TYPES: readonly string[] = Object.keys(FACTS);

const NAME = /^(?:[a-z][a-z0-9-]{0,63}|attachment:[a-zA-Z0-9][a-zA-Z0-9_-]{0,63})$/;

/** Whether the text could name an information type, known to us or to a newer peer. */
export function isInformationTypeName(name: string): boolean {
  return NAME.test(name);
}

/**
 * What is known of a type: a fixed one, `attachment:<name>` (declared by the program at init) or `x-<name>` (the
 * program's own collector). Nothing for a type only a newer peer knows: such a type is carried, never collected.
 */
export function informationType(name: string): InformationTypeFacts | undefined {
  if (Object.hasOwn(FACTS, name)) return FACTS[name];
  if (!isInformationTypeName(name)) return undefined;
  if (name.startsWith('attachment:')) return ATTACHMENT;
  return name.startsWith('x-') ? OWN : undefined;
}

/** Whether a consent level is high enough for a type that wants at least `needed`. */
export function levelAllows(level: ConsentLevel, needed: ConsentLevel): boolean {
  return CONSENT_LEVELS.indexOf(level) >= CONSENT_LEVELS.indexOf(needed);
}
