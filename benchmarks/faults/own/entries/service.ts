import { createServer, get } from 'node:http';
import { perform } from './operations.ts';

const [operation = 'help', input = '{}'] = process.argv.slice(2);

const server = createServer((request, response) => {
  response.end(JSON.stringify(perform(String(request.url).slice(1), JSON.parse(input))));
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  get({ host: '127.0.0.1', port, path: `/${operation}` }).on('error', () => {});
});
