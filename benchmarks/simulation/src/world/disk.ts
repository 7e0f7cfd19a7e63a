import type { Store } from '@fr/store';
import type { Life, Machine } from './machine.ts';

/** A store as one life of a machine sees it: every call is an act of the disk. */
export function storeOf(machine: Machine, life: Life, store: Store): Store {
  return {
    identity: machine.disk(life, store.identity, 'identity'),
    hits: machine.disk(life, store.hits, 'hits'),
    entries: machine.disk(life, store.entries, 'entries'),
    demands: machine.disk(life, store.demands, 'demands'),
    quotas: machine.disk(life, store.quotas, 'quotas'),
    queries: machine.disk(life, store.queries, 'queries'),
    settings: machine.disk(life, store.settings, 'settings'),
    revision: (bucketId) => store.revision(bucketId),
    close: () => store.close(),
  };
}
