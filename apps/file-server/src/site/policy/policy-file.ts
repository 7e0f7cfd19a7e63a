import { readFile } from 'node:fs/promises';
import { CommandError } from '@fr/server/command';
import { DEFAULT_POLICY, type Policy, parsePolicy } from '@fr/sync';

/** The policy in force and where it came from. */
export interface SitePolicy {
  readonly policy: Policy;
  /** The file, or `built in`. */
  readonly source: string;
  readonly text: string;
}

/** Reads the site's policy. A file with an error is refused with line, column and the nearest right word. */
export async function loadPolicy(file: string | undefined): Promise<SitePolicy> {
  if (file === undefined) return { policy: DEFAULT_POLICY, source: 'built in', text: '' };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(
      'failed',
      `the policy file ${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  });
  const parsed = parsePolicy(text);
  if ('policy' in parsed) return { policy: parsed.policy, source: file, text };
  // The message names the nearest right word itself.
  const { line, column, message } = parsed.error;
  throw new CommandError('failed', `${file}:${line}:${column}: ${message}`);
}
