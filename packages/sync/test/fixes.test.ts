import { type Bucket, bucketId, problemId } from '@fr/bucket';
import { createDemand, createFixes, type FixStore, fixStanding, type StoredDemand } from '@fr/sync';
import { describe, expect, test } from 'vitest';
import { bucket, bucketOf, NOW, vendorKey } from './fixture.ts';

const PROBLEM = problemId(bucket);
const at = (programVersion: string): Bucket => ({ ...bucket, programVersion });

/** A vendor's store, as far as marks need it. */
function world(reported: readonly Bucket[] = [bucket]) {
  const settings = new Map<string, unknown>();
  let demands: readonly StoredDemand[] = [];
  const store: FixStore = {
    settings: {
      read: async (name) => settings.get(name),
      write: async (name, value) => {
        settings.set(name, JSON.parse(JSON.stringify(value)));
      },
    },
    demands: {
      list: async () => demands,
      put: async (stored) => {
        const { id } = stored.demand.terms;
        demands = [stored, ...demands.filter(({ demand }) => demand.terms.id !== id)];
      },
      credits: async () => [],
    },
    queries: {
      buckets: async ({ problemId: id }) => ({
        rows: reported.filter((one) => problemId(one) === id).map((one) => ({ bucket: one })),
      }),
    },
  };
  const fixes = () => createFixes({ store, key: vendorKey, now: () => NOW });
  const ask = async (pattern: object, types = [{ type: 'diagnostic-report', count: 2 }]) =>
    (await createDemand({ pattern, types, reason: 'why?', author: 'kim', key: vendorKey, store, now: NOW }))
      .demand.terms.id;
  const open = async () =>
    (await store.demands.list())
      .filter(({ closedAt }) => closedAt === undefined)
      .map(({ demand }) => demand.terms);
  return { store, fixes, ask, open };
}

describe('a problem marked as fixed', () => {
  test('closes what was asked about it, and asks the same of the bucket in which it is seen again', async () => {
    const { fixes, ask, open } = world();
    const [byProblem, byBucket, byProgram] = [
      await ask({ problemId: PROBLEM }),
      await ask({ bucketId: bucketId(bucket) }, [{ type: 'packages', count: 1 }]),
      await ask({ program: 'shop' }),
    ];
    const marks = fixes();
    const fix = await marks.mark(PROBLEM, '2.2.0', 'kim');
    expect([...fix.closed].sort()).toEqual([byBucket, byProblem].sort());
    expect((await open()).map(({ id }) => id)).toEqual([byProgram]);
    expect(await marks.look([at('2.1.9'), at('2.2.0-rc.1'), bucketOf('shop', 'other.js')])).toEqual([]);
    const later = at('2.3.0');
    const [again] = await marks.look([later]);
    expect(again?.seenAgain).toMatchObject({ bucketId: bucketId(later), programVersion: '2.3.0', at: NOW });
    const asked = (await open()).filter(({ id }) => again?.seenAgain?.demands.includes(id));
    expect(asked.map(({ types }) => types[0])).toEqual(
      expect.arrayContaining([
        { type: 'diagnostic-report', count: 2 },
        { type: 'packages', count: 1 },
      ]),
    );
    for (const { pattern, reason } of asked) {
      expect(pattern).toEqual({ bucketId: bucketId(later) });
      expect(reason).toBe('seen again in 2.3.0, was fixed in 2.2.0: why?');
    }
  });

  test('is seen again once, over a restart too, and can be fixed anew in a later version', async () => {
    const { store, fixes, ask } = world();
    await ask({ problemId: PROBLEM });
    await fixes().mark(PROBLEM, '2.2.0', 'kim');
    expect(await fixes().look([at('2.2.0')])).toHaveLength(1);
    const before = await store.demands.list();
    expect(await fixes().look([at('2.2.0'), at('2.3.0')])).toEqual([]);
    expect(await store.demands.list()).toEqual(before);
    const again = await fixes().mark(PROBLEM, '2.4.0', 'kim');
    expect(again).toMatchObject({ fixedIn: '2.4.0' });
    expect(again).not.toHaveProperty('seenAgain');
    expect(await fixes().look([at('2.4.1')])).toHaveLength(1);
  });

  test('asks no second time where a crash came between the demands and the mark', async () => {
    const { store, fixes, ask } = world();
    await ask({ problemId: PROBLEM });
    await fixes().mark(PROBLEM, '2.2.0', 'kim');
    const { write } = store.settings;
    store.settings.write = async () => {
      throw new Error('killed');
    };
    await expect(fixes().look([at('2.2.0')])).rejects.toThrow('killed');
    store.settings.write = write;
    const before = await store.demands.list();
    expect(await fixes().look([at('2.2.0')])).toHaveLength(1);
    expect(await store.demands.list()).toEqual(before);
  });

  test('is refused where it was seen in that version already, or the version cannot be compared', async () => {
    const marks = world([bucket, at('2.2.0')]).fixes();
    await expect(marks.mark(PROBLEM, '2.2.0', 'kim')).rejects.toMatchObject({
      code: 'invalid-fix',
      message: expect.stringContaining('seen in 2.2.0 already'),
    });
    await expect(marks.mark(PROBLEM, 'nightly', 'kim')).rejects.toThrow('does not begin with a number');
    expect(await marks.list()).toEqual([]);
    expect(fixStanding({ fixedIn: '2.2.0' }, at('nightly'))).toBe('unclear');
  });

  test('is open again when the mark is taken back', async () => {
    const marks = world().fixes();
    await marks.mark(PROBLEM, '2.2.0', 'kim');
    expect(await marks.undo(PROBLEM)).toBe(true);
    expect(await marks.undo(PROBLEM)).toBe(false);
    expect(await marks.look([at('2.3.0')])).toEqual([]);
  });
});
