/** How a folder that is filled already starts: `node --conditions=@fr/source src/starts.ts DIR [ROUNDS]`. */
import { startsOf } from './start-up.ts';

const [dir = '', rounds = '3'] = process.argv.slice(2);
process.stdout.write(`${(await startsOf(dir, Number(rounds))).join('\n')}\n`);
