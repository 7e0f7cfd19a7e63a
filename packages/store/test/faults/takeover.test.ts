import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RunningProgram, startProgram } from '../support/child.ts';
import { entryFiles, temporaryFolder } from '../support/folder.ts';
import { AT, bucketNamed, hitOn, textOf } from '../support/material.ts';

const PAY = bucketId(bucketNamed('pay'));

async function serverOf(dir: string): Promise<RunningProgram> {
  const server = startProgram('../faults/programs/obedient.ts', [dir]);
  onTestFinished(() => server.kill());
  await server.says('ready');
  return server;
}

/** A server that has stored and counted, and is stopped in mid-life. */
async function stoppedServer(dir: string) {
  const server = await serverOf(dir);
  const [kept, marked, dropped] = [uuidv7(), uuidv7(), uuidv7()];
  for (const line of ['hit', `add ${kept}`, `add ${marked}`, `add ${dropped}`]) {
    server.tell(line);
    await server.says(`${line} done`);
  }
  server.signal('SIGSTOP');
  return { server, kept, marked, dropped };
}

/** Everything it tries is refused, and nothing of it is seen. */
async function expectRefused(server: RunningProgram, acts: readonly string[]): Promise<void> {
  server.signal('SIGCONT');
  for (const act of acts) {
    server.tell(act);
    await server.says(`${act} failed read-only`);
  }
  expect(server.stdout).toContain('another process has taken over its folder');
}

describe('two servers on one folder', () => {
  test('a server that is stopped keeps its folder, and goes on when it is continued', async () => {
    const dir = temporaryFolder();
    const { server } = await stoppedServer(dir);
    await expect(openEmbeddedStore({ dir })).rejects.toMatchObject({ code: 'in-use' });
    server.signal('SIGCONT');
    server.tell(`add ${uuidv7()}`);
    await server.finish();
    const store = await openEmbeddedStore({ dir });
    expect((await store.queries.bucket(PAY))?.entries.pending).toBe(4);
    await store.close();
  });

  test.for(['add', 'mark', 'drop', 'hit'])(
    'a server whose lock was deleted while it was stopped can %s nothing once another has started',
    async (first) => {
      const dir = temporaryFolder();
      const { server, kept, marked, dropped } = await stoppedServer(dir);
      rmSync(join(dir, 'lock.sqlite'));
      const second = await openEmbeddedStore({ dir });
      await second.hits.record([hitOn(bucketNamed('pay'))], AT);
      const files = entryFiles(dir);
      const acts = [`add ${uuidv7()}`, `mark ${marked}`, `drop ${dropped}`, 'hit'];
      // Whichever it tries first has to find out by itself.
      await expectRefused(
        server,
        [...acts].sort((a, b) => Number(b.startsWith(first)) - Number(a.startsWith(first))),
      );
      await server.kill();
      expect(entryFiles(dir).filter((name) => !name.endsWith('.tmp'))).toEqual(files);
      for (const id of [kept, marked, dropped]) expect(await textOf(second, id)).toBe(`text of ${id}`);
      expect(await second.queries.bucket(PAY)).toMatchObject({
        hits: 2,
        entries: { pending: 3, uploaded: 0 },
      });
      expect(await verifyStore(second)).toMatchObject({ ok: true });
      await second.close();
    },
  );

  test('a server acknowledges nothing that goes into a database no longer in its folder', async () => {
    const dir = temporaryFolder();
    const { server, kept, dropped } = await stoppedServer(dir);
    const database = join(dir, 'store.sqlite');
    for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix);
    await expectRefused(server, ['hit', `add ${uuidv7()}`, `drop ${dropped}`, `mark ${kept}`]);
    await server.kill();
    const store = await openEmbeddedStore({ dir, notice: () => undefined });
    expect(await textOf(store, kept)).toBe(`text of ${kept}`);
    expect(await textOf(store, dropped)).toBe(`text of ${dropped}`);
    await store.close();
  });
});
