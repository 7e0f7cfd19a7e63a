/**
 * Writes `policy.schema.json`, which is published beside the package for editors.
 * @module
 */
import { writeFile } from 'node:fs/promises';
import { policySchema } from '../src/policy/form/policy-schema.ts';

await writeFile(
  new URL('../policy.schema.json', import.meta.url),
  `${JSON.stringify(policySchema(), undefined, 2)}\n`,
);
