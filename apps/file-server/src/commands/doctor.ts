import { stat } from 'node:fs/promises';
import { ROUTES } from '@fr/protocol';
import {
  CommandError,
  type CommandOptions,
  findServer,
  printable,
  printResult,
  withReach,
} from '@fr/server/command';
import type { Store } from '@fr/store';
import type { Command } from 'commander';
import type { SitePolicy } from '../site/policy/site-policy.ts';
import { openSite } from '../site/site.ts';
import { cameToNothing } from './came-to-nothing.ts';
import { givenUp } from './given-up.ts';

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What to do, where it is not. */
  readonly advice?: string;
  /** Nothing of this site is wrong, but somebody should know. */
  readonly note?: true;
}

/** Adds `doctor`: is this site set up so that reports arrive and nothing leaks? */
export function addDoctorCommand(program: Command): void {
  const command = withReach(
    program.command('doctor').description('look for what is set up wrongly, and say what to do'),
  );
  command.action(async (flags: CommandOptions) => {
    if (flags.data === undefined)
      throw new CommandError('usage', 'doctor looks at a folder on this machine: --data DIR');
    const findings = await examine(flags.data);
    printResult(findings, flags.json, (list) => list.map(printFinding).join('\n'));
    if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
  });
}

async function examine(dir: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [await folderIsPrivate(dir)];
  const opened = await openSite(dir, { readOnly: true }).catch((error: unknown) =>
    String(error instanceof Error ? error.message : error),
  );
  if (typeof opened === 'string')
    return [...findings, { what: 'the store can be read', ok: false, advice: opened }];
  findings.push({ what: 'the store can be read', ok: true }, await serverAnswers(dir));
  const { upstream } = opened.settings;
  findings.push(...(await policyIsRead(opened.policy)));
  const notes = [
    ...givenUp(await opened.store.queries.outcomes()),
    ...cameToNothing(await opened.attempts.list()),
  ];
  findings.push(...(await whatWent(opened.store)));
  await opened.close();
  if (upstream)
    findings.push(
      await upstreamAnswers(upstream.url),
      namesPrograms(upstream.programs, opened.settings.policyFile),
    );
  return [...findings, ...notes.map((what) => ({ what, ok: true, note: true as const }))];
}

async function folderIsPrivate(dir: string): Promise<Finding> {
  const what = `${dir} belongs to its owner alone`;
  const stats = await stat(dir).catch(() => undefined);
  if (!stats)
    return { what, ok: false, advice: `there is no such folder; \`fr-admin serve --data ${dir}\` makes it` };
  return (stats.mode & 0o077) === 0
    ? { what, ok: true }
    : { what, ok: false, advice: `others can look into it: chmod 700 ${dir}` };
}

async function serverAnswers(dir: string): Promise<Finding> {
  const what = 'a server runs on it and is ready';
  const server = await findServer(dir);
  if (!server) return { what, ok: false, advice: `start it: fr-admin serve --data ${dir}` };
  return (await answers(`${server.url}${ROUTES.ready}`))
    ? { what, ok: true }
    : { what, ok: false, advice: `${server.url} does not answer; it was killed or is not ready` };
}

/** What lies in the policy file is what is in force. */
async function policyIsRead(policy: SitePolicy): Promise<readonly Finding[]> {
  const { state } = await policy.beside();
  if (state === 'none') return [];
  const what = `the policy file ${policy.source} is in force`;
  return [state === 'same' ? { what, ok: true } : { what, ok: false, advice: POLICY_ADVICE[state](policy) }];
}

const POLICY_ADVICE = {
  newer: () => 'it is newer than what is in force: a server takes it within seconds, `policy reload` at once',
  broken: ({ source }: SitePolicy) =>
    `it is broken (\`fr-admin policy check ${source}\`); the last good policy stays in force`,
  unreadable: () => 'it cannot be read; the last good policy stays in force',
} as const;

/** Entries that were let go, by reason; nothing wrong with it, but good to know. */
async function whatWent({ queries }: Store): Promise<readonly Finding[]> {
  const dropped = (await queries.outcomes()).filter(
    ({ of, outcome }) => of === 'entries' && outcome === 'dropped',
  );
  if (dropped.length === 0) return [];
  const reasons = dropped.map(({ reason, count }) => `${count} ${reason}`).join(', ');
  return [{ what: `entries let go so far, by reason: ${reasons}; hits are all counted`, ok: true }];
}

async function upstreamAnswers(url: string): Promise<Finding> {
  const what = `the destination ${url} answers`;
  return (await answers(`${url}${ROUTES.live}`))
    ? { what, ok: true }
    : {
        what,
        ok: false,
        advice: 'entries stay pending until it does; check the address, the proxy and the firewall',
      };
}

function namesPrograms(programs: readonly string[], policyFile: string | undefined): Finding {
  const what = 'some program may be named to the destination';
  const ok = programs.length > 0 || policyFile !== undefined;
  return ok ? { what, ok } : { what, ok, advice: 'nothing is offered: serve with --upstream-program NAME' };
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(3_000), redirect: 'error' }).then(
    (response) => response.ok,
    () => false,
  );
}

function printFinding({ what, ok, advice, note }: Finding): string {
  if (note) return `note  ${printable(what)}`;
  return ok ? `ok    ${printable(what)}` : `WRONG ${printable(what)}: ${printable(advice ?? '')}`;
}
