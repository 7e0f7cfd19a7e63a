/**
 * Who may call. Tokens are issued once, shown once and kept as hashes in the store's settings; revoking one is an
 * entry in the same list. A server has few (one per site, one per group of reporters), so the list is read whole.
 * @module
 */
import { issueToken, parseToken, type SigningKey, type TokenPrefix, tokenHash } from '@fr/protocol/signature';
import type { Settings } from '@fr/store';
import { ServerError } from '../http/server-error.ts';

/** What is kept of a token. */
export interface TokenRecord {
  readonly prefix: TokenPrefix;
  /** Who it was issued to; unique among the tokens of one prefix that are in force. */
  readonly name: string;
  readonly hash: string;
  readonly addedAt: number;
  readonly revokedAt?: number;
}

const SETTING = 'tokens';

/** Issues, checks and revokes tokens. */
export interface Access {
  /** A new token; its only appearance in clear text. */
  issue(prefix: TokenPrefix, name: string): Promise<string>;
  /** Whose token this `authorization` header carries, or nothing. */
  bearer(header: string | undefined, prefix: TokenPrefix): Promise<TokenRecord | undefined>;
  list(): Promise<readonly TokenRecord[]>;
  /** False where no token of that name is in force. */
  revoke(prefix: TokenPrefix, name: string): Promise<boolean>;
}

/** Access backed by the store's settings; one for each open store. Its tokens pin the server's `key`, as it is when they are issued. */
export function createAccess(options: {
  settings: Settings;
  key: Pick<SigningKey, 'keyId'>;
  now?: () => number;
}): Access {
  const { settings, key } = options;
  const now = options.now ?? Date.now;
  // A list is only ever written by the one process that holds the folder, and there by one of these: changes wait for
  // each other, and what was read is remembered, since every hit is let in by it.
  let changing: Promise<unknown> = Promise.resolve();
  let known: Promise<readonly TokenRecord[]> | undefined;

  function list(): Promise<readonly TokenRecord[]> {
    known ??= readTokens(settings).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  function change<T>(
    step: (records: readonly TokenRecord[]) => { records: readonly TokenRecord[]; result: T },
  ): Promise<T> {
    const turn = changing.then(async () => {
      const { records, result } = step(await list());
      await settings.write(SETTING, records);
      known = Promise.resolve(records);
      return result;
    });
    changing = turn.catch(() => undefined);
    return turn;
  }

  return {
    list,
    issue(prefix, name) {
      return change((records) => {
        if (
          records.some(
            (record) => record.prefix === prefix && record.name === name && record.revokedAt === undefined,
          )
        ) {
          throw new ServerError(
            'conflict',
            409,
            `"${name}" has a token already; revoke it first or choose another name`,
          );
        }
        const token = issueToken(prefix, key.keyId);
        return {
          records: [...records, { prefix, name, hash: tokenHash(token), addedAt: now() }],
          result: token,
        };
      });
    },
    async bearer(header, prefix) {
      const text = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
      const token = text === undefined ? undefined : parseToken(text);
      if (text === undefined || token?.prefix !== prefix) return undefined;
      const hash = tokenHash(text);
      return (await list()).find(
        (record) => record.hash === hash && record.prefix === prefix && record.revokedAt === undefined,
      );
    },
    revoke(prefix, name) {
      return change((records) => {
        const inForce = (record: TokenRecord): boolean =>
          record.prefix === prefix && record.name === name && record.revokedAt === undefined;
        return {
          records: records.map((record) => (inForce(record) ? { ...record, revokedAt: now() } : record)),
          result: records.some(inForce),
        };
      });
    },
  };
}

async function readTokens(settings: Settings): Promise<readonly TokenRecord[]> {
  const value = await settings.read(SETTING);
  return Array.isArray(value) ? (value as readonly TokenRecord[]) : [];
}
