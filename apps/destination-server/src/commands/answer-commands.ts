import { addVerbCommand, type Open, printTable } from '@fr/server/command';
import type { Command } from 'commander';
import { withPattern } from './pattern-options.ts';
import { untilOf } from './until-option.ts';

interface ListedAnswer {
  readonly answerId: string;
  readonly state: string;
  readonly pattern: Readonly<Record<string, string>>;
  readonly text: string;
  readonly link?: string;
  readonly fixedIn?: string;
  readonly until: number;
}

type Removed = { readonly answerId: string; readonly removed: true };

/** Adds `answers` and `answer`. */
export function addAnswerCommands(program: Command, open: Open): void {
  addVerbCommand<readonly ListedAnswer[]>(program, open, {
    verb: 'answers',
    acts: false,
    summary: 'what people at programs that have failed are told, where their site passes it on',
    print: printAnswers,
  });
  addVerbCommand<ListedAnswer | Removed>(program, open, {
    verb: 'answer',
    acts: true,
    summary: 'tell whoever meets a bucket, a problem or any failure of a program what is known of it',
    arguments: '[id]',
    options: (command) =>
      withPattern(command)
        .option('--text <words>', 'what to tell, at most 2,048 characters')
        .option('--link <url>', 'an https address to read on')
        .option('--fixed-in <version>', 'the version in which it is fixed')
        .option('--until <when>', 'a date (2027-12-31) or a duration (90d); at most 400 days, the default')
        .option('--remove', 'tell it no more'),
    params: ([target], options) => ({
      ...options,
      target,
      until: untilOf(options['until']),
    }),
    print: (said) =>
      'removed' in said
        ? `${said.answerId} is told no more; sites learn of it with their next pass`
        : printAnswers([said]),
  });
}

function printAnswers(answers: readonly ListedAnswer[]): string {
  if (answers.length === 0) return 'no answer: nobody is told anything';
  return printTable(
    ['answer', 'state', 'about', 'fixed in', 'text', 'link', 'until'],
    answers.map(({ answerId, state, pattern, fixedIn = '', text, link = '', until }) => [
      answerId,
      state,
      Object.values(pattern).join(' '),
      fixedIn,
      text,
      link,
      new Date(until).toISOString().slice(0, 10),
    ]),
  );
}
