import { encodeMessage } from '@fr/protocol/wire';
import type { Mutation } from './mutation.ts';

/** What is forgotten, or done in the wrong order; the checks must find each of them. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'the vendor counts no sample towards a demand': {
    vendorGate: (gate) => async (header) => {
      const verdict = await gate(header);
      return verdict.admit ? { ...verdict, credits: [] } : verdict;
    },
  },
  'the vendor takes whatever comes': { vendorGate: () => async () => ({ admit: true, credits: [] }) },
  'totals are added instead of merged': {
    vendorStore: (store) => ({
      ...store,
      hits: {
        record: (...hits) => store.hits.record(...hits),
        recordDrops: (...drops) => store.hits.recordDrops(...drops),
        changedSince: (...from) => store.hits.changedSince(...from),
        origin: () => store.identity.origin(),
        openEpoch: () => store.identity.openEpoch(),
        epochs: () => store.identity.epochs(),
        merge: async (origin, totals, at) => {
          const held = await store.hits.merge(origin, totals, at);
          const doubled = totals.map((total, place) => ({
            ...total,
            hits: total.hits + (held[place]?.hits ?? 0),
          }));
          return await store.hits.merge(origin, doubled, at);
        },
      },
    }),
  },
  'an entry is marked before its receipt': {
    destination: (destination, store) => ({
      offer: (...offer) => destination.offer(...offer),
      lease: (...request) => destination.lease(...request),
      upload: async (header, ...rest) => {
        const digest = `sha256:${'0'.repeat(64)}`;
        const types = header.parts.map(({ type }) => type);
        await store.entries.mark(header.entryId, { at: 1, to: 'x', demands: header.demands, types, digest });
        return await destination.upload(header, ...rest);
      },
    }),
  },
  'the cursor is settled before the reply': {
    destination: (destination, store) => ({
      lease: (...request) => destination.lease(...request),
      upload: (...entry) => destination.upload(...entry),
      offer: async (...offer) => {
        const name = 'sync-telling https://vendor.example';
        const told = (await store.settings.read(name)) as { tried: unknown[] } | undefined;
        if (told) await store.settings.write(name, { ...told, acknowledged: told.tried });
        return await destination.offer(...offer);
      },
    }),
  },
  'the ledger is written behind the bytes': {
    ledger: ({ append, sent }) => ({
      sent,
      append: async (event) => {
        if (event.kind !== 'entry') return await append(event);
        void Promise.resolve().then(() => setImmediate(() => void append(event)));
        return { seq: 1_000_000, ...event };
      },
    }),
  },
  'an unlisted program is offered': { programs: ['*'] },
  'a request leaves past the ledger': {
    destination: (destination) => ({
      lease: (...request) => destination.lease(...request),
      offer: (...offer) => destination.offer(...offer),
      upload: async (header, size, frame, options) => {
        const result = await destination.upload(header, size, frame, options);
        const again = encodeMessage({ again: header.entryId }, 'msgpack');
        async function* copy(): AsyncGenerator<Uint8Array> {
          yield again;
        }
        await destination.upload(header, size, copy(), options).catch(() => undefined);
        return result;
      },
    }),
  },
  'a site answers before it has counted': { answersEarly: true },
  'a reporter adds to a hit it has sent': { foldsLate: true },
  'a reporter settles before the reply': { settlesEarly: true },
};

/** Seeds within which each must be found. */
export const FOUND_WITHIN = 12;
