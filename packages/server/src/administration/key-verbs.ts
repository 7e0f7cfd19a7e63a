import { fingerprint } from '@fr/protocol/signature';
import type { ServerKey } from '../access/server-key.ts';
import { flagParam, type Verb } from './verb.ts';

/** A server's own key. */
export interface KeyVerbsOptions {
  readonly key: ServerKey;
  readonly now: () => number;
  /** What else is shown of keys. Default: nothing. */
  readonly more?: () => Promise<object>;
  /** Called when the key was replaced without its own word: what it has signed has to be signed anew. */
  readonly onLost?: () => Promise<unknown>;
}

/** `key` (which one signs, and which did before) and `key-rotate` (another takes its place). */
export function keyVerbs({ key, now, more, onLost }: KeyVerbsOptions): readonly Verb[] {
  return [
    { name: 'key', acts: false, run: async () => ({ ...shown(key), ...(await more?.()) }) },
    {
      name: 'key-rotate',
      acts: true,
      async run(params) {
        const lost = flagParam(params, 'lost');
        const before = await key.rotate(now(), { lost });
        if (lost) await onLost?.();
        return { replaced: before, lost, ...shown(key) };
      },
    },
  ];
}

function shown({ keyId, publicKey, succession }: ServerKey): object {
  const since = succession.at(-1)?.at;
  return {
    keyId,
    publicKey,
    ...(since === undefined ? {} : { since }),
    before: succession.map(({ from, at }) => ({ keyId: fingerprint(from), until: at })),
  };
}
