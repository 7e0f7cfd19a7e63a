import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { commandJson, type Ended, runNode, until } from '@fr/test-harness';
import { BIN, ROOT } from './paths.ts';

/** What `fr-reporter status --json` prints, as far as it is looked at here. */
export interface ReporterStatus {
  readonly waiting: readonly { readonly reportId: string }[];
  readonly receipts: readonly { readonly reportId: string }[];
  readonly demands: readonly object[];
}

/** A machine on which the till program is installed: its own folder, its own spool. */
export interface ClientMachine {
  readonly name: string;
  /** Where the program lies. */
  readonly program: string;
  readonly spool: string;
  /** Runs the program on an order that makes it fail, and waits until its reporter has settled the failure. */
  crash(): Promise<Ended>;
  /** The same without waiting for the reporter. */
  crashOnly(): Promise<Ended>;
  /** The same program on the same order without fr. */
  crashBare(): Promise<Ended>;
  status(): Promise<ReporterStatus>;
}

/**
 * Installs the example host under `folder` (any depth, blanks allowed), pointed at a file server. `more`: what else it has
 * in its environment.
 */
export async function installClient(
  name: string,
  folder: string,
  server: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ClientMachine> {
  const program = join(folder, 'till');
  const spool = join(folder, '.state', 'fr-spool');
  await mkdir(program, { recursive: true });
  const source = join(ROOT, 'apps', 'example-host');
  for (const item of ['src', 'orders', 'package.json'])
    await cp(join(source, item), join(program, item), { recursive: true });
  await mkdir(join(program, 'node_modules', '@fr'), { recursive: true });
  await cp(join(source, 'node_modules', 'yaml'), join(program, 'node_modules', 'yaml'), {
    recursive: true,
    dereference: true,
  });
  await symlink(join(ROOT, 'packages', 'reporter-sdk'), join(program, 'node_modules', '@fr', 'reporter-sdk'));
  const env = { FR_SERVER: server, FR_SPOOL_DIR: spool, ...more };
  const words = ['src/main.js', 'orders/with-coupon.yaml'];
  const machine: ClientMachine = {
    name,
    program,
    spool,
    async crash() {
      const before = await settledCount(machine);
      const ended = await machine.crashOnly();
      await until(`${name}'s reporter settles the failure`, async () =>
        (await settledCount(machine)) > before ? true : undefined,
      );
      return ended;
    },
    crashOnly: () => runNode(['--import', '@fr/reporter-sdk/register', ...words], { cwd: program, env }),
    crashBare: () => runNode(words, { cwd: program }),
    status: () => commandJson<ReporterStatus>(BIN.frReporter, ['status', '--spool', spool]),
  };
  return machine;
}

async function settledCount(machine: ClientMachine): Promise<number> {
  // The spool folder does not exist before the first failure.
  const status = await machine.status().catch(() => undefined);
  return status && status.waiting.length === 0 ? status.receipts.length : 0;
}
