import type { TokenPrefix } from '@fr/protocol/signature';
import { neededParam, type Params, ServerError, textParam, type Verb } from '@fr/server';
import type { Site } from '../site/site.ts';

const ROLES: Readonly<Record<string, TokenPrefix>> = { reporter: 'frk', administrator: 'fra' };

/** `keys-add`, `keys`, `keys-revoke`: who may report from elsewhere, who may administer from elsewhere. */
export function keyVerbs(site: Site): readonly Verb[] {
  return [
    {
      name: 'keys-add',
      acts: true,
      run: async (params) => ({
        name: neededParam(params, 'name'),
        token: await site.access.issue(role(params), neededParam(params, 'name')),
      }),
    },
    {
      name: 'keys',
      acts: false,
      run: async () =>
        (await site.access.list()).map(({ prefix, name, addedAt, revokedAt }) => ({
          name,
          role: roleName(prefix),
          addedAt,
          ...(revokedAt === undefined ? {} : { revokedAt }),
        })),
    },
    {
      name: 'keys-revoke',
      acts: true,
      run: async (params) => {
        const name = neededParam(params, 'name');
        if (await site.access.revoke(role(params), name)) return { name, revoked: true };
        throw new ServerError(
          'not-found',
          404,
          `no key in force is called "${name}"; \`keys list\` shows them`,
        );
      },
    },
  ];
}

function role(params: Params): TokenPrefix {
  const name = textParam(params, 'role') ?? 'reporter';
  const prefix = ROLES[name];
  if (prefix) return prefix;
  throw new ServerError(
    'malformed',
    400,
    `the role "${name}" is not known; there are ${Object.keys(ROLES).join(' and ')}`,
  );
}

function roleName(prefix: TokenPrefix): string {
  return Object.entries(ROLES).find(([, known]) => known === prefix)?.[0] ?? prefix;
}
