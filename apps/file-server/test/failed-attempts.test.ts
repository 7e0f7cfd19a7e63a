import { once } from 'node:events';
import { createServer } from 'node:http';
import { generateSigningKey, issueToken } from '@fr/protocol/signature';
import { newFolder } from '@fr/test-harness';
import { expect, onTestFinished, test } from 'vitest';
import { frAdminHere, serveSite } from './support/fr-admin.ts';

test('an upstream that redirects or answers nonsense costs one request each time, and a line in the outcome counts', async () => {
  let requests = 0;
  let status = 307;
  const upstream = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/msgpack', location: 'http://127.0.0.1:9/' });
    response.end('zzz');
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const address = upstream.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const folder = await newFolder();
  const here = ['--data', folder.path];
  const token = issueToken('frs', generateSigningKey().keyId);
  const words = [...here, '--upstream', url, '--upstream-token', token, '--upstream-program', 'till'];
  const site = await serveSite([...words, '--sync-every', 'never']);
  onTestFinished(async () => {
    await site.stop();
    upstream.closeAllConnections();
    upstream.close();
    await folder.remove();
  });
  for (const [answers, advice] of [
    [307, 'redirect'],
    [200, 'makes no sense'],
  ] as const) {
    status = answers;
    requests = 0;
    for (const verb of ['sync', 'answers-ask'])
      expect(await frAdminHere([verb, ...here])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(advice),
      });
    expect(requests).toBe(2);
  }
  const metrics = await (await fetch(`${site.url}/metrics`)).text();
  for (const of of ['passes', 'questions'])
    for (const reason of ['redirected', 'bad-reply'])
      expect(metrics).toContain(`fr_outcomes_total{of="${of}",outcome="failed",reason="${reason}"} 1`);
});
