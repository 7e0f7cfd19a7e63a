/**
 * The policy a site goes by. Life of a change:
 *
 *     file saved ─▶ quiet for a second, or SIGHUP, or `policy reload` ─▶ good: in force at once, recorded, said
 *                                                                    └▶ broken, empty, gone: said; what was in force stays
 *
 * A server that starts on a broken file goes by the last policy that was in force (`policy.json`); only where there
 * never was one does it refuse to start. A crash between "in force" and "recorded" leaves the older record, and the
 * next start reads the file again.
 * @module
 */
import { CommandError, findServer } from '@fr/server/command';
import { DEFAULT_POLICY, type Policy, type PolicyProblem } from '@fr/sync';
import { fileProblem, type PolicyFile, parseText, readPolicyFile } from './policy-file.ts';
import { noteEvent, readRecord, writeRecord } from './policy-record.ts';

/** What lies in the file beside the policy in force. `newer`: good, and taken within seconds or at the next start. */
export type BesideIt =
  | { readonly state: 'none' | 'same' | 'newer' }
  | { readonly state: 'broken'; readonly problems: readonly PolicyProblem[] }
  | { readonly state: 'unreadable'; readonly why: string };

/** What came of looking at the file again. */
export interface Reloaded {
  readonly result: 'taken' | 'same' | 'refused';
  readonly detail: string;
}

/** The policy in force and where it came from. */
export interface SitePolicy {
  readonly policy: Policy;
  /** The file, or `built in`. */
  readonly source: string;
  readonly text: string;
  /** Since when it is in force; absent for the one built in. */
  readonly since: number | undefined;
  /** What the file holds now. */
  beside(): Promise<BesideIt>;
  /** Looks at the file again, and takes what it holds if it is good. */
  reload(): Promise<Reloaded>;
  /** Calls back at the very moment another policy is in force, before that is recorded. */
  onTaken(listener: () => void): void;
}

/** How a policy is opened. */
export interface PolicyOptions {
  readonly dir: string;
  /** The policy file; absent: the policy built in. */
  readonly file: string | undefined;
  /** Beside whoever serves the folder: then what is in force there holds, and nothing is written. */
  readonly readOnly: boolean;
  readonly notice: (line: string) => void;
  readonly now?: () => number;
}

interface InForce {
  readonly policy: Policy;
  readonly text: string;
  readonly since: number;
}

/** Opens the policy of a site. Throws where the file is broken and none was ever in force. */
export async function openPolicy(options: PolicyOptions): Promise<SitePolicy> {
  const { file } = options;
  if (file === undefined) return builtIn();
  const { inForce, refused } = await firstPolicy(options, file);
  const keeper = new Keeper(options, file, inForce);
  if (!options.readOnly) await keeper.settleStart(refused);
  return keeper;
}

function builtIn(): SitePolicy {
  return {
    policy: DEFAULT_POLICY,
    source: 'built in',
    text: '',
    since: undefined,
    beside: async () => ({ state: 'none' }),
    reload: async () => ({
      result: 'same',
      detail: 'the policy is built in: `serve --policy FILE` names one',
    }),
    onTaken: () => undefined,
  };
}

async function firstPolicy(
  { dir, readOnly, now = Date.now }: PolicyOptions,
  file: string,
): Promise<{ readonly inForce: InForce; readonly refused?: string }> {
  const record = await readRecord(dir, file);
  const recorded = record && parseText(record.text);
  const last =
    record && recorded?.state === 'good'
      ? { policy: recorded.policy, text: record.text, since: record.since }
      : undefined;
  if (readOnly && last && (await findServer(dir))) return { inForce: last };
  const found = await readPolicyFile(file);
  if (found.state === 'good') {
    const since = last?.text === found.text ? last.since : now();
    return { inForce: { policy: found.policy, text: found.text, since } };
  }
  const problem = fileProblem(file, found);
  if (last) return { inForce: last, refused: problem };
  throw new CommandError('failed', problem);
}

class Keeper implements SitePolicy {
  readonly source: string;
  readonly #options: PolicyOptions;
  #inForce: InForce;
  /** What was complained of last, so that a poll says it once. */
  #refused: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #listeners: (() => void)[] = [];

  constructor(options: PolicyOptions, file: string, inForce: InForce) {
    this.#options = options;
    this.source = file;
    this.#inForce = inForce;
  }

  get policy(): Policy {
    return this.#inForce.policy;
  }

  get text(): string {
    return this.#inForce.text;
  }

  get since(): number {
    return this.#inForce.since;
  }

  /** Records what is in force from the start, and says what of the file is not. */
  async settleStart(refused: string | undefined): Promise<void> {
    const before = await readRecord(this.#options.dir, this.source);
    if (before?.text !== this.text)
      await this.#record(before ? changes(before.text, this.text) : 'the first');
    if (refused !== undefined) await this.#refuse(refused);
  }

  async beside(): Promise<BesideIt> {
    const found = await readPolicyFile(this.source);
    if (found.state === 'good') return { state: found.text === this.text ? 'same' : 'newer' };
    return found.state === 'broken' ? { state: 'broken', problems: found.problems } : found;
  }

  reload(): Promise<Reloaded> {
    const mine = this.#turn.then(async () => this.#take(await readPolicyFile(this.source)));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  onTaken(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async #take(found: PolicyFile): Promise<Reloaded> {
    if (found.state !== 'good') return await this.#refuse(fileProblem(this.source, found));
    this.#refused = undefined;
    if (found.text === this.text) return { result: 'same', detail: 'the file is the policy in force' };
    const detail = changes(this.text, found.text);
    // In force before it is recorded: a stricter policy must not wait for a full disk.
    this.#inForce = { policy: found.policy, text: found.text, since: (this.#options.now ?? Date.now)() };
    for (const listener of this.#listeners) listener();
    this.#options.notice(`policy ${this.source} is in force now: ${detail}`);
    await this.#record(detail);
    return { result: 'taken', detail };
  }

  async #record(detail: string): Promise<void> {
    const { dir, notice } = this.#options;
    const { source, text, since } = this;
    try {
      await writeRecord(dir, { source, text, since });
      await noteEvent(dir, { at: since, source, result: 'taken', detail });
    } catch (error) {
      notice(
        `the policy in force could not be recorded in ${dir}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  async #refuse(problem: string): Promise<Reloaded> {
    const { dir, notice, now = Date.now } = this.#options;
    const since = new Date(this.since).toISOString();
    const detail = `${problem}; the policy in force since ${since} stays`;
    if (this.#refused !== problem) {
      this.#refused = problem;
      notice(detail);
      await noteEvent(dir, { at: now(), source: this.source, result: 'refused', detail: problem }).catch(
        () => undefined,
      );
    }
    return { result: 'refused', detail };
  }
}

/** Names of the members that are not what they were. */
function changes(before: string, after: string): string {
  const [old, fresh] = [before, after].map((text) => {
    const parsed = parseText(text);
    return parsed.state === 'good' ? parsed.policy : DEFAULT_POLICY;
  });
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(fresh ?? {})])] as (keyof Policy)[];
  const changed = names.filter((name) => told(old?.[name]) !== told(fresh?.[name]));
  return changed.length === 0 ? 'only its wording changed' : `${changed.join(', ')} changed`;
}

function told(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) => (name === 'line' ? undefined : member)) ?? '';
}
