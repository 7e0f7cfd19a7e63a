import type { Bucket } from '@fr/bucket';
import { INFORMATION_TYPES, informationType } from '@fr/protocol';
import { neededParam, nothingCalled, type Params, ServerError, textParam, type Verb } from '@fr/server';
import {
  decide,
  explainPolicy,
  nearestWord,
  type Policy,
  type PolicyExplanation,
  parseBytes,
  policyRule,
  sendingSwitchedOff,
  unreachableRules,
} from '@fr/sync';
import { fileProblem, parseText } from '../site/policy/policy-file.ts';
import { readHistory } from '../site/policy/policy-record.ts';
import type { Site } from '../site/site.ts';
import { decisionContext } from './decision-context.ts';

/** `policy`, `policy-test`, `policy-reload`: the site's rules, what they say to a case, and reading them again. */
export function policyVerbs(site: Site, now: () => number): readonly Verb[] {
  return [
    { name: 'policy', acts: false, run: () => viewPolicy(site) },
    { name: 'policy-test', acts: false, run: (params) => testPolicy(site, params, now()) },
    {
      name: 'policy-reload',
      acts: true,
      async run() {
        const reloaded = await site.policy.reload();
        if (reloaded.result === 'refused') throw new ServerError('conflict', 409, reloaded.detail);
        return reloaded;
      },
    },
  ];
}

/** The policy in words: where it is from and since when, what lies beside it, and what holds for each information type of an ordinary bucket. */
async function viewPolicy(site: Site): Promise<object> {
  const { policy, source, text, since = null } = site.policy;
  const {
    everything = 'on',
    collect = 'on',
    send = 'on',
    review = 'none',
    redact = [],
    caps = {},
    schedule = [],
  } = policy;
  const { upstream } = site.settings;
  const bucket = { program: '*', programVersion: '*', module: '*', moduleVersion: '*', location: '*' };
  return {
    source,
    since,
    file: await site.policy.beside(),
    text,
    destination: destinationOf(site) || null,
    mayBeNamed: [...(upstream?.programs ?? []), ...policy.offer.flatMap(({ program }) => program)],
    switches: { everything, collect, send },
    review,
    offer: policy.offer,
    rules: policy.rules,
    unreachable: unreachableRules(policy.rules),
    redact,
    caps,
    schedule,
    types: INFORMATION_TYPES.map((type) => ({ type, ...policyRule(policy, { bucket, type }) })),
    history: (await readHistory(site.dir)).slice(-10),
  };
}

function destinationOf({ settings }: Site): string {
  return settings.upstream === undefined ? '' : new URL(settings.upstream.url).origin;
}

/** What was asked and what the policy says to it, type by type. */
interface PolicyTest {
  readonly asked: object;
  readonly explanations: readonly PolicyExplanation[];
  /** What the next pass would do with the entry, where one was named. */
  readonly entry?: object;
}

async function testPolicy(site: Site, params: Params, now: number): Promise<PolicyTest> {
  const policy = draftOf(params) ?? site.policy.policy;
  const destination = originParam(params) ?? destinationOf(site);
  const id = textParam(params, 'id');
  if (id !== undefined) return await testEntry(site, policy, id, destination, now);
  const bucket = bucketParam(params);
  const type = typeParam(params);
  const bytes = sizeParam(params);
  const types = type === undefined ? INFORMATION_TYPES : [type];
  const size = bytes === undefined ? {} : { bytes };
  return {
    asked: { ...bucket, ...(type === undefined ? {} : { type }), ...size, destination },
    explanations: explain(
      site,
      policy,
      types.map((each) => ({ type: each, bytes })),
      bucket,
      destination,
    ),
  };
}

async function testEntry(
  site: Site,
  policy: Policy,
  id: string,
  destination: string,
  now: number,
): Promise<PolicyTest> {
  const held = await site.store.entries.read(id).catch(() => undefined);
  if (!held) throw nothingCalled(id);
  const { header } = held.entry;
  const context = await decisionContext(site, now);
  const off = sendingSwitchedOff(policy);
  const decision = decide({ ...context, policy, to: destination, entry: held.entry });
  return {
    asked: { entryId: header.entryId, ...header.bucket, destination },
    explanations: explain(site, policy, header.parts, header.bucket, destination),
    entry:
      off === undefined
        ? { ...decision }
        : { ...decision, verdict: 'keep', reason: `the policy switches sending off (${off})` },
  };
}

function explain(
  site: Site,
  policy: Policy,
  parts: readonly { readonly type: string; readonly bytes: number | undefined }[],
  bucket: Bucket,
  destination: string,
): readonly PolicyExplanation[] {
  const programs = site.settings.upstream?.programs ?? [];
  return parts.map(({ type, bytes }) =>
    explainPolicy(policy, { bucket, type, bytes, destination }, programs),
  );
}

/** A policy that is not in force yet, to be tried. */
function draftOf(params: Params): Policy | undefined {
  const text = textParam(params, 'draft');
  if (text === undefined) return undefined;
  const found = parseText(text);
  if (found.state === 'good') return found.policy;
  throw new ServerError('conflict', 409, fileProblem(textParam(params, 'draftName') ?? 'the draft', found));
}

function bucketParam(params: Params): Bucket {
  return {
    program: neededParam(params, 'program'),
    programVersion: textParam(params, 'version') ?? '',
    module: textParam(params, 'module') ?? textParam(params, 'program') ?? '',
    moduleVersion: '',
    location: textParam(params, 'location') ?? '',
  };
}

function typeParam(params: Params): string | undefined {
  const type = textParam(params, 'type');
  if (type === undefined || informationType(type)) return type;
  const nearest = nearestWord(type, INFORMATION_TYPES);
  const hint =
    nearest === undefined ? `there are ${INFORMATION_TYPES.join(', ')}` : `did you mean "${nearest}"?`;
  throw new ServerError('malformed', 400, `--type "${type}" is not an information type; ${hint}`);
}

function sizeParam(params: Params): number | undefined {
  const text = textParam(params, 'size');
  if (text === undefined) return undefined;
  const bytes = parseBytes(text);
  if (bytes !== undefined) return bytes;
  throw new ServerError('malformed', 400, `--size "${text}" is not a size; write 65536, 64KiB or 3MB`);
}

function originParam(params: Params): string | undefined {
  const text = textParam(params, 'destination');
  if (text === undefined) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin;
  throw new ServerError('malformed', 400, `--destination "${text}" is not an address; write https://HOST`);
}
