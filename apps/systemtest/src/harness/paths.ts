import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** The commands as they are linked for people, run by the Node that runs this. */
export const BIN: Readonly<Record<'frAdmin' | 'frDestination' | 'frReporter', string>> = {
  frAdmin: `${ROOT}apps/file-server/bin/fr-admin.js`,
  frDestination: `${ROOT}apps/destination-server/bin/fr-destination.js`,
  frReporter: `${ROOT}packages/reporter-sdk/bin/fr-reporter.js`,
};
