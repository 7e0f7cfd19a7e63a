import { absolute } from '../builtin.ts';
import type { Environment, Settings } from './settings/settings.ts';

/** Variables that the reporter inherits: where things are, and how to reach a server from here. Nothing else. */
const INHERITED = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SYSTEMROOT',
  'TMPDIR',
  'LANG',
  'XDG_STATE_HOME',
  'LOCALAPPDATA',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'NODE_USE_ENV_PROXY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** What a reporter needs to know about the program that launches it. */
export type LaunchSettings = Pick<Settings, 'server' | 'key' | 'spoolFolder' | 'consent' | 'ask'>;

/** How `fr-reporter deliver` is started, by the host itself or by its guard. */
export interface ReporterCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The reporter for a host's spool, as an absolute command: who starts it stands in another folder. */
export function reporterCommand(settings: LaunchSettings, environment: Environment): ReporterCommand {
  return {
    file: process.execPath,
    args: [...reporterArguments(), 'deliver', '--no-wait', '--spool', absolute(settings.spoolFolder)],
    env: reporterEnvironment(settings, environment),
  };
}

/**
 * Starts `fr-reporter deliver` in a session of its own, with nothing of ours open, and does not look back.
 * `onEnd` is told when it ends, for a caller that waits; it does not keep this process alive.
 */
export function launchReporter(settings: LaunchSettings, environment: Environment, onEnd?: () => void): void {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { file, args, env } = reporterCommand(settings, environment);
  // Whoever waits does not want to hear that the outcome is open.
  const child = spawn(file, onEnd ? [...args, '--all'] : args, {
    cwd: process.platform === 'win32' ? undefined : '/',
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env,
  });
  // Without a listener a failed launch would become an uncaught exception of the host.
  child.on('error', () => onEnd?.());
  if (onEnd) child.on('exit', onEnd);
  child.unref();
}

/** From a checkout the reporter runs from its source, so that nothing need be built. */
function reporterArguments(): readonly string[] {
  const fromSource = import.meta.filename.endsWith('.ts');
  const program = `${import.meta.dirname}/${fromSource ? '../fr-reporter.ts' : 'fr-reporter.js'}`;
  return fromSource ? ['-C', '@fr/source', program] : [program];
}

function reporterEnvironment(settings: LaunchSettings, environment: Environment): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    FR_SERVER: settings.server,
    FR_KEY: settings.key,
    FR_CONSENT: settings.ask ? 'ask' : settings.consent,
    // The launcher may be an Electron program, whose executable is Node only when told so.
    ELECTRON_RUN_AS_NODE: '1',
  };
}
