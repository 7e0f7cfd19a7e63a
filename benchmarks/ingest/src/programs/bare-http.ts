/** The limit over HTTP: reads the body, answers 204, nothing else. */
import { createServer } from 'node:http';
import { cpuMicros } from '../figures.ts';
import { answer } from '../program.ts';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(204).end();
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;

answer(
  async () => ({ port, cpu: cpuMicros() }),
  async () => {
    server.closeAllConnections();
    server.close();
  },
);
