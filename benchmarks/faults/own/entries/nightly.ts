import { EventEmitter } from 'node:events';
import { perform } from './operations.ts';

const agenda = new EventEmitter();
const [operation = 'help', input = '{}'] = process.argv.slice(2);

agenda.on('due', (entry: { operation: string; input: string }) => {
  perform(entry.operation, JSON.parse(entry.input));
});
setTimeout(() => agenda.emit('due', { operation, input }), 1);
