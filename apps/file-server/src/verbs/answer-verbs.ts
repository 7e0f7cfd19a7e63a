import { answerVerbs, type Verb } from '@fr/server';
import { type HeardAnswer, heldBack } from '@fr/sync';
import type { Site } from '../site/site.ts';
import type { Upward } from '../site/upward.ts';

/** `answers`, `answer`: what people at a program that has failed are told, by this site and by vendors through it. */
export function siteAnswerVerbs(site: Site, upward: Upward, now: () => number): readonly Verb[] {
  const own = answerVerbs({ answers: site.answers, queries: site.store.queries });
  const asking: Verb = {
    name: 'answers-ask',
    acts: true,
    run: async () => {
      const { answers, rejected } = await upward.askAnswers();
      return { heard: answers.length, rejected };
    },
  };
  const listing = own.map(
    (verb): Verb =>
      verb.name === 'answers'
        ? {
            ...verb,
            run: async (params) => [...asList(await verb.run(params)), ...(await heard(site, now()))],
          }
        : verb,
  );
  return [...listing, asking];
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

async function heard(site: Site, now: number): Promise<readonly object[]> {
  return await Promise.all((await site.heard.list()).map((one) => printHeard(site, one, now)));
}

/** A vendor's answer, with whether it is told here, and if not, why. */
async function printHeard(site: Site, one: HeardAnswer, now: number): Promise<object> {
  const { id, pattern, text, link, fixedIn, until, version } = one.answer.terms;
  const programs = site.settings.upstream?.programs ?? [];
  const program = pattern.program ?? (await programOf(site, pattern));
  const why =
    program === undefined
      ? 'nothing here fits it'
      : heldBack(one, program, { policy: site.policy.policy, programs, now });
  return {
    about: Object.values(pattern).join(' '),
    from: one.source,
    state: why === undefined ? 'told' : `held back: ${why}`,
    answerId: id,
    pattern,
    text,
    ...(link ? { link } : {}),
    ...(fixedIn ? { fixedIn } : {}),
    until,
    since: version,
  };
}

async function programOf(
  { store }: Site,
  { bucketId, problemId }: HeardAnswer['answer']['terms']['pattern'],
): Promise<string | undefined> {
  const named = { ...(bucketId ? { bucketId } : {}), ...(problemId ? { problemId } : {}) };
  const { rows } = await store.queries.buckets({ ...named, limit: 1 });
  return rows[0]?.bucket.program;
}
