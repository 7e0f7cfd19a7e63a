import type { ConsentLevel } from '@fr/protocol';

/** What each consent level lets leave the machine, in words for the person who is asked. */
export const LEVEL_MEANINGS: Readonly<Record<ConsentLevel, string>> = {
  off: 'nothing, ever',
  count: 'that it failed, and where in the program; nothing else',
  minimal: 'also the stack and the environment (operating system, runtime, memory), if the site asks',
  standard: 'also lines of the source around that place, breadcrumbs and packages, if the site asks',
  full: 'also logs, files and memory that the program has named, if the site asks',
};
