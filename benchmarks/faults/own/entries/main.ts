import { perform } from './operations.ts';

const [operation = 'help', input = '{}'] = process.argv.slice(2);
perform(operation, JSON.parse(input));
