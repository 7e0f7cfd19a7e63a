import { isBucketId, isProblemId } from '@fr/bucket';
import type { SignedAnswer } from '@fr/protocol';
import type { Queries } from '@fr/store';
import { ServerError } from '../http/server-error.ts';
import type { Answers } from '../intake/answers.ts';
import { nothingCalled } from './entry-verbs.ts';
import { flagParam, neededParam, type Params, textParam, type Verb } from './verb.ts';

/** `answers`, `answer`: what people at a program that has failed are told. */
export function answerVerbs(options: {
  readonly answers: Answers;
  readonly queries: Queries;
}): readonly Verb[] {
  const { answers, queries } = options;
  return [
    { name: 'answers', acts: false, run: async () => (await answers.list()).map(printAnswer) },
    {
      name: 'answer',
      acts: true,
      async run(params) {
        const about = await knownId(queries, neededParam(params, 'id'));
        if (flagParam(params, 'remove')) {
          if (await answers.remove(about)) return { about, removed: true };
          throw new ServerError(
            'not-found',
            404,
            `there is no answer about ${about}; \`answers\` lists them`,
          );
        }
        return printAnswer(await answers.set({ about, ...contentOf(params) }));
      },
    },
  ];
}

function contentOf(params: Params): { text: string; link?: string; fixedIn?: string } {
  const [link, fixedIn] = [textParam(params, 'link'), textParam(params, 'fixedIn')];
  return {
    text: neededParam(params, 'text'),
    ...(link === undefined ? {} : { link }),
    ...(fixedIn === undefined ? {} : { fixedIn }),
  };
}

async function knownId(queries: Queries, id: string): Promise<string> {
  if (isBucketId(id) && (await queries.bucket(id))) return id;
  if (isProblemId(id) && (await queries.buckets({ problemId: id, limit: 1 })).rows.length > 0) return id;
  throw nothingCalled(id);
}

function printAnswer({ terms }: SignedAnswer): object {
  const { about, text, link, fixedIn, version } = terms;
  return { about, text, ...(link ? { link } : {}), ...(fixedIn ? { fixedIn } : {}), since: version };
}
