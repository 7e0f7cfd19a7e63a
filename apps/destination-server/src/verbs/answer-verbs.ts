import type { SignedVendorAnswer } from '@fr/protocol';
import {
  flagParam,
  neededParam,
  numberParam,
  type Params,
  ServerError,
  textParam,
  type Verb,
} from '@fr/server';
import { SyncError } from '@fr/sync';
import { patternOf } from '../vendor/target-pattern.ts';
import type { Vendor } from '../vendor/vendor.ts';

/** `answers`, `answer`: what the people at programs that have failed are told, where their site passes it on. */
export function answerVerbs(vendor: Vendor, now: () => number): readonly Verb[] {
  return [
    {
      name: 'answers',
      acts: false,
      run: async () => (await vendor.answers.list()).map((answer) => printAnswer(answer, now())),
    },
    {
      name: 'answer',
      acts: true,
      run: async (params) =>
        flagParam(params, 'remove')
          ? await remove(vendor, params)
          : printAnswer(await set(vendor, params), now()),
    },
  ];
}

async function set(vendor: Vendor, params: Params): Promise<SignedVendorAnswer> {
  const content = {
    pattern: await patternOf(vendor.store.queries, params),
    text: neededParam(params, 'text'),
    link: textParam(params, 'link'),
    fixedIn: textParam(params, 'fixedIn'),
    until: numberParam(params, 'until'),
  };
  return await vendor.answers.set(content).catch((error: unknown) => {
    if (!(error instanceof SyncError)) throw error;
    throw new ServerError('malformed', 400, `this answer cannot be given: ${error.message}`, {
      cause: error,
    });
  });
}

/** By its own id, or by the bucket or problem it is about. */
async function remove(vendor: Vendor, params: Params): Promise<object> {
  const id = neededParam(params, 'target');
  const known = (await vendor.answers.list()).find(
    ({ terms }) => terms.id === id || terms.pattern.bucketId === id || terms.pattern.problemId === id,
  );
  if (known && (await vendor.answers.remove(known.terms.id)))
    return { answerId: known.terms.id, removed: true };
  throw new ServerError(
    'not-found',
    404,
    `there is no answer "${id.slice(0, 80)}", and none about it; \`answers\` lists them`,
  );
}

function printAnswer({ terms }: SignedVendorAnswer, now: number): object {
  const { id, pattern, text, link, fixedIn, until, version } = terms;
  return {
    answerId: id,
    state: until <= now ? 'expired' : 'told',
    pattern,
    text,
    ...(link ? { link } : {}),
    ...(fixedIn ? { fixedIn } : {}),
    until,
    since: version,
  };
}
