import { addVerbCommand, type Open, printable, printTable } from '@fr/server/command';
import type { Command } from 'commander';

interface ListedAnswer {
  readonly about: string;
  /** The vendor it comes from; absent for the site's own. */
  readonly from?: string;
  readonly state?: string;
  readonly text?: string;
  readonly link?: string;
  readonly fixedIn?: string;
  readonly removed?: boolean;
}

interface Asked {
  readonly heard: number;
  readonly rejected: readonly { readonly answerId: string; readonly reason: string }[];
}

/** Adds `answers`, `answers-ask` and `answer`. */
export function addAnswerCommands(program: Command, open: Open): void {
  addVerbCommand<readonly ListedAnswer[]>(program, open, {
    verb: 'answers',
    acts: false,
    summary: 'what people at programs that have failed are told',
    print: (answers) =>
      answers.length === 0
        ? 'no answer: nobody is told anything'
        : printTable(
            ['about', 'from', 'state', 'fixed in', 'text', 'link'],
            answers.map(
              ({ about, from = 'this site', state = 'told', fixedIn = '', text = '', link = '' }) => [
                about,
                from,
                state,
                fixedIn,
                text,
                link,
              ],
            ),
          ),
  });
  addVerbCommand<Asked>(program, open, {
    verb: 'answers-ask',
    acts: true,
    summary: 'ask the vendor now what may be told; a server asks every hour',
    print: ({ heard, rejected }) =>
      [
        `the vendor tells ${heard} answers; \`answers\` lists them`,
        ...rejected.map(({ answerId, reason }) => `not believed: ${printable(answerId)} (${reason})`),
      ].join('\n'),
  });
  addVerbCommand<ListedAnswer>(program, open, {
    verb: 'answer',
    acts: true,
    summary: 'tell whoever meets a bucket or problem what is known of it',
    arguments: '<id>',
    options: (command) =>
      command
        .option('--text <words>', 'what to tell, at most 2,048 characters')
        .option('--link <url>', 'an https address to read on')
        .option('--fixed-in <version>', 'the version in which it is fixed')
        .option('--remove', 'tell it no more'),
    params: ([id], { text, link, fixedIn, remove }) => ({ id, text, link, fixedIn, remove }),
    print: ({ about, removed }) =>
      removed === true
        ? `nothing is told about ${about} any more`
        : `told with the next hit of ${printable(about)}`,
  });
}
