import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOSTS, runReporter, runWatched, temporaryFolder, until } from './support/process.ts';
import { demandFor, givesAll, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, spoolState } from './support/spooled.ts';
import { needTool } from './support/tools.ts';

let site: Site;
let spool: string;
let around: Around;
beforeEach(async (test) => {
  needTool(test, 'openssl');
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
  around = await startAround();
});
afterEach(() => Promise.all([site?.close(), around?.close()]));

describe('a reporter in a network of its site’s own', () => {
  it('believes a certificate of the authority it was given, and no other', async () => {
    leaveFailure(spool);
    const server = `https://localhost:${around.tlsPort}`;
    const without = await deliver({ FR_SERVER: server });
    expect(without).toMatchObject({ code: 1, stdout: expect.stringMatching(/SELF_SIGNED|self-signed/) });
    expect(site.requests).toEqual([]);
    const given = { FR_SERVER: server, NODE_EXTRA_CA_CERTS: around.authority };
    expect(await deliver(given)).toMatchObject({ code: 0 });
    expect(site.hits).toHaveLength(1);
  });

  it('goes through the proxy of its environment, and round it where it says so', async () => {
    leaveFailure(spool);
    const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${around.proxyPort}` };
    // A name only the proxy can resolve.
    const beyond = { FR_SERVER: 'http://fr.site.invalid:8787', ...proxy };
    expect(await deliver(beyond)).toMatchObject({ code: 0 });
    expect(around.proxied.length).toBeGreaterThan(0);
    leaveFailure(spool);
    const before = around.proxied.length;
    expect(await deliver({ FR_SERVER: site.url, ...proxy, NO_PROXY: '127.0.0.1' })).toMatchObject({
      code: 0,
    });
    expect(around.proxied).toHaveLength(before);
    expect(site.hits).toHaveLength(2);
  });

  it('keeps failures while the proxy is down, and says so', async () => {
    leaveFailure(spool);
    const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9' };
    const ended = await deliver({ FR_SERVER: site.url, ...proxy });
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('1 waiting') });
  });

  it.each(['tls', 'proxy'] as const)('brings what is large the same way: %s', async (way) => {
    const log = join(temporaryFolder(), 'till.log');
    writeFileSync(log, 'a line of the log\n'.repeat(120_000));
    const facts = leaveFailure(spool, {
      consent: 'full',
      declared: ['log-tail'],
      files: { 'log-tail': { path: log, maxBytes: 4_000_000, take: 'tail' } },
    });
    site.demands = () => [demandFor(bucketOfFacts(facts), ['log-tail'], site.key)];
    site.leases = givesAll(1);
    const through = {
      tls: { FR_SERVER: `https://localhost:${around.tlsPort}`, NODE_EXTRA_CA_CERTS: around.authority },
      proxy: {
        FR_SERVER: 'http://fr.site.invalid:8787',
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: `http://127.0.0.1:${around.proxyPort}`,
      },
    };
    expect(await deliver({ FR_CONSENT: 'full', ...through[way] })).toMatchObject({ code: 0 });
    expect(site.entries.map(({ parts }) => parts['log-tail']?.length)).toEqual([2_160_000]);
  });

  it('is given both by the program that launches it', async () => {
    const env = {
      FR_SERVER: `https://localhost:${around.tlsPort}`,
      FR_KEY: site.token,
      FR_SPOOL_DIR: spool,
      NODE_EXTRA_CA_CERTS: around.authority,
    };
    await runWatched([join(HOSTS, 'undefined-property.mjs')], env);
    await until(() => spoolState(spool).receipts.length === 1, 'settled');
  });
});

function deliver(env: Record<string, string>): ReturnType<typeof runReporter> {
  return runReporter(['deliver', '--spool', spool], { FR_KEY: site.token, ...env });
}

/** What stands between a reporter and its site. */
interface Around {
  /** File of the certificate that vouches for the TLS end. */
  readonly authority: string;
  readonly tlsPort: number;
  readonly proxyPort: number;
  /** What the proxy was asked for. */
  readonly proxied: string[];
  close(): Promise<void>;
}

async function startAround(): Promise<Around> {
  const { key, authority } = certificate();
  const tls = createHttpsServer({ key: readFileSync(key), cert: readFileSync(authority) }, toSite);
  const proxied: string[] = [];
  const proxy = createHttpServer((request, response) => {
    proxied.push(request.url ?? '');
    toSite(request, response);
  });
  // Node's own fetch asks for a tunnel even where the other end speaks plain HTTP.
  proxy.on('connect', (request, socket, head) => {
    proxied.push(request.url ?? '');
    const through = connect(site.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket]) end.on('error', () => through.destroy());
  });
  return {
    authority,
    tlsPort: await listening(tls),
    proxyPort: await listening(proxy),
    proxied,
    async close() {
      for (const server of [tls, proxy]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

const toSite: NonNullable<Parameters<typeof createHttpServer>[1]> = (request, response) => {
  const { method, headers } = request;
  const path = (request.url ?? '/').replace(/^http:\/\/[^/]+/, '');
  const onward = httpRequest({ port: site.port, method, headers, path }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
};

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A key and a certificate for localhost that vouches for itself. */
function certificate(): { readonly key: string; readonly authority: string } {
  const folder = temporaryFolder();
  const [key, authority] = [join(folder, 'key.pem'), join(folder, 'authority.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', key, '-out', authority],
    ],
    { stdio: 'ignore' },
  );
  return { key, authority };
}
