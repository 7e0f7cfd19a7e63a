import type { TokenPrefix } from '@fr/protocol/signature';
import type { Access } from '../access/access.ts';
import { ServerError } from '../http/server-error.ts';
import { neededParam, type Params, textParam, type Verb } from './verb.ts';

/** Tokens of one family. */
export interface TokenVerbsOptions {
  readonly access: Access;
  /** What they are called, in verbs and commands: `keys`, `sites`. */
  readonly noun: string;
  /** Roles a holder can have, the first being the default. */
  readonly roles: Readonly<Record<string, TokenPrefix>>;
}

/** `NOUN-add` (the token is in the answer, once), `NOUN` (who holds one) and `NOUN-revoke`. */
export function tokenVerbs({ access, noun, roles }: TokenVerbsOptions): readonly Verb[] {
  const names = Object.keys(roles);
  const roleOf = (prefix: TokenPrefix): string | undefined => names.find((name) => roles[name] === prefix);
  function prefixOf(params: Params): TokenPrefix {
    const name = textParam(params, 'role') ?? names[0] ?? '';
    const prefix = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (prefix) return prefix;
    throw new ServerError(
      'malformed',
      400,
      `the role "${name}" is not known; there are ${names.join(' and ')}`,
    );
  }
  return [
    {
      name: `${noun}-add`,
      acts: true,
      run: async (params) => {
        const name = neededParam(params, 'name');
        return { name, token: await access.issue(prefixOf(params), name) };
      },
    },
    {
      name: noun,
      acts: false,
      run: async () =>
        (await access.list()).flatMap(({ prefix, name, addedAt, revokedAt }) => {
          const role = roleOf(prefix);
          const revoked = revokedAt === undefined ? {} : { revokedAt };
          return role === undefined ? [] : [{ name, role, addedAt, ...revoked }];
        }),
    },
    {
      name: `${noun}-revoke`,
      acts: true,
      run: async (params) => {
        const name = neededParam(params, 'name');
        if (await access.revoke(prefixOf(params), name)) return { name, revoked: true };
        throw new ServerError(
          'not-found',
          404,
          `nothing in force is called "${name}"; \`${noun} list\` shows them`,
        );
      },
    },
  ];
}
