import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GUARD_SCRIPT } from '../src/guard/guard-script.ts';
import { processStat } from '../src/guard/process-stat.ts';
import { temporaryFolder, until } from './support/process.ts';

/** Whatever may be called sh. */
const SHELLS = [['sh'], ['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([shell = '', ...args]) => spawnSync(shell, [...args, '-c', 'true']).status === 0,
);

let folder: string;
let mark: string;
let host: number;
let parent: ReturnType<typeof spawn>;
beforeEach(async () => {
  folder = temporaryFolder();
  mark = join(folder, `it's a "mark"; $HOME *`);
  writeFileSync(`${mark}.json`, '{}');
  // Its parent never asks how it ended.
  parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(parent.stdout ?? process.stdin, 'data')) as [Buffer];
  host = Number(line.toString());
});
afterEach(() => {
  for (const pid of [host, parent.pid ?? 0]) process.kill(pid, 'SIGKILL');
});

describe.each(SHELLS)('the guard as run by %s %s', (...shell) => {
  it('tells an end that is to be reported, after what it was told to deliver', async () => {
    const guard = startGuard(words(shell));
    guard.tell('deliver');
    await until(() => launches() === 1, 'a launch');
    guard.tell('deliver');
    await until(() => launches() === 2, 'another launch');
    process.kill(guard.pid, 'SIGTERM');
    process.kill(host, 'SIGSEGV');
    await until(() => processStat(host)?.state === 'Z', 'dead');
    await guard.ended();
    expect(evidence()).toBe('11');
    // Told to stop, it leaves the rest to the next start.
    expect(launches()).toBe(2);
  });

  it.each([
    ['SIGSEGV', [], '11', 1],
    ['SIGKILL', ['bye 0'], '9', 1],
    ['SIGTERM', [], undefined, 0],
    ['SIGHUP', ['later'], '1', 1],
    [undefined, [], undefined, 0],
    [undefined, ['later'], 'alive', 1],
  ] as const)(
    'after %s and the lines %j leaves %s and launches %d times',
    async (signal, lines, left, times) => {
      const guard = startGuard(words(shell));
      for (const line of lines) guard.tell(line);
      if (signal !== undefined) {
        process.kill(host, signal);
        await until(() => processStat(host)?.state === 'Z', 'dead');
      }
      await guard.ended();
      expect([evidence(), launches()]).toEqual([left, times]);
      expect(existsSync(`${mark}.json`)).toBe(left !== undefined);
    },
  );

  it.each([
    [[], 'gone', 1],
    [['later'], 'gone', 1],
    [['bye 0'], undefined, 0],
    [['bye 1'], undefined, 0],
    [['later', 'bye 0'], '0', 1],
    // What it had noted before may be what ended it.
    [['later', 'bye 1'], '256', 1],
  ] as const)(
    'of a host that was gone and asked for before it could look, with the lines %j, leaves %s and launches %d times',
    async (lines, left, times) => {
      const early = spawn('true');
      await once(early, 'exit');
      const guard = startGuard(words(shell), { pid: early.pid ?? 0 });
      for (const line of lines) guard.tell(line);
      await guard.ended();
      expect([evidence(), launches()]).toEqual([left, times]);
    },
  );

  it.each([
    ['0::/till\n', 'till/memory.events', 'low 0\noom_kill 3\n', 'low 7\noom_kill 4\n', '9'],
    ['4:memory:/a\n0::/b\n', 'memory/a/memory.oom_control', 'oom_kill 0\n', 'oom_kill 1\n', '9'],
    ['0::/\n', 'memory.events', 'oom_kill 3\n', 'oom_kill 3\n', 'gone'],
    ['0::/till\n', 'elsewhere', 'oom_kill 3\n', 'oom_kill 4\n', 'gone'],
    ['', 'memory.events', '', '', 'gone'],
  ])(
    'takes an end it has missed for SIGKILL where the kernel has killed for want of memory: %j',
    async (groups, file, before, after, left) => {
      const count = join(folder, file);
      mkdirSync(dirname(count), { recursive: true });
      writeFileSync(join(folder, 'groups'), groups);
      writeFileSync(count, before);
      const child = spawn('sleep', ['1000']);
      const died = once(child, 'exit');
      const guard = startGuard(words(shell), { pid: child.pid ?? 0, memory: true });
      guard.tell('deliver');
      await until(() => launches() === 1, 'awake');
      process.kill(guard.pid, 'SIGSTOP');
      writeFileSync(count, after);
      child.kill('SIGTERM');
      await died;
      process.kill(guard.pid, 'SIGCONT');
      await guard.ended();
      expect([evidence(), launches()]).toEqual([left, 2]);
    },
  );
});

function words(shell: readonly (string | undefined)[]): readonly string[] {
  return shell.filter((word) => word !== undefined);
}

function startGuard(
  [shell = '', ...args]: readonly string[],
  { pid = host, memory = false }: { readonly pid?: number; readonly memory?: boolean } = {},
): {
  pid: number;
  tell(line: string): void;
  ended(): Promise<unknown>;
} {
  const started = processStat(pid)?.started ?? '1';
  const launch = ['/bin/sh', '-c', 'echo launched >>"$0"', `${mark}.launches`];
  // The system's own counts are another's to raise.
  const script = GUARD_SCRIPT.replaceAll('/sys/fs/cgroup', folder).replace(
    '/proc/self/cgroup',
    `${folder}/groups`,
  );
  const guard = spawn(
    shell,
    [...args, '-c', memory ? script : GUARD_SCRIPT, 'fr-guard', String(pid), started, mark, ...launch],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const exit = once(guard, 'exit');
  return {
    pid: guard.pid ?? 0,
    tell: (line) => void guard.stdin.write(`${line}\n`),
    ended: () => {
      guard.stdin.end();
      return exit;
    },
  };
}

function launches(): number {
  const file = `${mark}.launches`;
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

function evidence(): string | undefined {
  const file = `${mark}.end`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
