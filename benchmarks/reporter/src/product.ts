import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A crash reporter as a program uses it. Its settings are read from the environment of the program. */
export interface Product {
  readonly name: string;
  /** Exact version, where it is installed from the registry. */
  readonly packages: Readonly<Record<string, string>>;
  /** CommonJS that starts it and sets `capture` and `flush`; `URL`, `HOST`, `PORT` and `STATE` are given. */
  readonly start: string;
  /** What Node is started with instead of running `start`. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Measured for what it costs only: what it reports is what its like reports. */
  readonly costsOnly?: boolean;
}

const REGISTER: string = fileURLToPath(import.meta.resolve('@fr/reporter-sdk/register'));
/** What `--require` gets: the same in the form for CommonJS, which is what the measured programs are. */
const REQUIRED: string = REGISTER.replace(/\.js$/, '.cjs');
const INDEX: string = fileURLToPath(import.meta.resolve('@fr/reporter-sdk')).replace(/\.js$/, '.cjs');
const FR = `const fr = require(${JSON.stringify(INDEX)}).init();
capture = (error) => fr.captureException(error); flush = () => fr.flush(90_000);`;
const NO_GUARD = { FR_GUARD: 'off' };

/** A file with nothing in it. */
const EMPTY: string = fileURLToPath(new URL('./empty.cjs', import.meta.url));

function empty(flag: string, value: string): Product {
  return { name: `an empty ${flag}`, packages: {}, start: '', flags: [flag, value], costsOnly: true };
}

/** Bare Node first: everything else is compared with it. */
export const PRODUCTS: readonly Product[] = [
  { name: 'bare Node', packages: {}, start: '' },
  empty('--require', EMPTY),
  empty('--import', 'data:text/javascript,'),
  { name: 'fr', packages: {}, start: FR, flags: ['--require', REQUIRED] },
  { name: 'fr without guard', packages: {}, start: FR, flags: ['--require', REQUIRED], env: NO_GUARD },
  { name: 'fr by --import', packages: {}, start: FR, flags: ['--import', REGISTER], costsOnly: true },
  {
    name: 'Sentry',
    packages: { '@sentry/node': '11.12.0' },
    start: `const Sentry = require('@sentry/node');
Sentry.init({ dsn: 'http://key@' + HOST + '/1' });
capture = (error) => Sentry.captureException(error); flush = () => Sentry.flush(90_000);`,
  },
  {
    name: 'Bugsnag',
    packages: { '@bugsnag/js': '9.0.0' },
    start: `const { default: Bugsnag } = require('@bugsnag/js');
Bugsnag.start({ apiKey: '0123456789abcdef0123456789abcdef', logger: null, autoTrackSessions: false,
  endpoints: { notify: URL + '/notify', sessions: URL + '/sessions' } });
let open = 0;
capture = (error) => { open++; Bugsnag.notify(error, undefined, () => { open--; }); };
flush = async () => { while (open > 0) await new Promise((resolve) => setTimeout(resolve, 10)); };`,
  },
  {
    name: 'Rollbar',
    packages: { rollbar: '3.1.0' },
    start: `const Rollbar = require('rollbar');
const rollbar = new Rollbar({ accessToken: '0123456789abcdef0123456789abcdef', endpoint: URL + '/api/1/',
  captureUncaught: true, captureUnhandledRejections: true, exitOnUncaughtException: true });
capture = (error) => rollbar.error(error); flush = () => new Promise((resolve) => rollbar.wait(resolve));`,
  },
  {
    name: 'Backtrace',
    packages: { '@backtrace/node': '0.8.3' },
    start: `const { BacktraceClient } = require('@backtrace/node');
require('node:fs').mkdirSync(STATE, { recursive: true });
const client = BacktraceClient.initialize({ url: URL + '/token/json', rateLimit: 0,
  database: { enable: true, path: STATE, createDatabaseDirectory: true, autoSend: true, captureNativeCrashes: true } });
let open = 0;
capture = (error) => { open++; client.send(error).finally(() => { open--; }); };
flush = async () => { while (open > 0) await new Promise((resolve) => setTimeout(resolve, 10)); };`,
  },
];

/** Installs what is measured into a folder, at exact versions. */
export function install(folder: string): void {
  const dependencies = Object.assign({}, ...PRODUCTS.map(({ packages }) => packages));
  const name = 'measured-program';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', dependencies }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
