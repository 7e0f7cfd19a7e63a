import { type Command, Option } from 'commander';
import { CommandError } from './command-error.ts';

/** Options of every `serve`, as commander hands them over. */
export interface ListenFlags {
  readonly data: string;
  readonly host: string;
  readonly port: string;
  readonly logLevel: string;
}

/** Adds `--data`, `--host`, `--port` and `--log-level`. */
export function withListening(command: Command, defaultPort: number): Command {
  return command
    .addOption(
      new Option('--data <dir>', 'the folder; made if it is not there').env('FR_DATA').makeOptionMandatory(),
    )
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', '0 picks a free one', String(defaultPort))
    .addOption(
      new Option('--log-level <level>', 'how much is said on stderr')
        .choices(['silent', 'error', 'warn', 'info', 'debug'])
        .default('warn'),
    );
}

/** Where to listen. Throws `usage`, before anything is opened or made. */
export function listenAddress({ host, port }: ListenFlags): { readonly host: string; readonly port: number } {
  // To Node no host means every address of this machine.
  if (host.trim() === '')
    throw new CommandError('usage', '--host is empty; write an address, or 0.0.0.0 for all of this machine');
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (number <= 65_535) return { host, port: number };
  throw new CommandError('usage', `--port "${port}" is not a port; use 1 to 65535, or 0 for a free one`);
}
