import { isBucketId, isProblemId } from '@fr/bucket';
import { type DemandPattern, PATTERN_FIELDS } from '@fr/protocol';
import { type Params, ServerError, textParam } from '@fr/server';
import type { Queries } from '@fr/store';

/** Which buckets somebody means: by id, by fields, or both. An id nobody has reported is refused, it is most likely a slip. */
export async function patternOf(queries: Queries, params: Params): Promise<DemandPattern> {
  const id = textParam(params, 'target');
  const fields = Object.fromEntries(
    PATTERN_FIELDS.flatMap((field) => {
      const value = textParam(params, field);
      return value === undefined ? [] : [[field, value] as const];
    }),
  );
  if (id === undefined) return fields;
  const kind = isBucketId(id) ? 'bucket' : isProblemId(id) ? 'problem' : undefined;
  if (kind === 'bucket') {
    if (!(await queries.bucket(id))) throw unknownTarget(id);
    return { ...fields, bucketId: id };
  }
  if (kind === 'problem') {
    if ((await queries.buckets({ problemId: id, limit: 1 })).rows.length === 0) throw unknownTarget(id);
    return { ...fields, problemId: id };
  }
  throw new ServerError(
    'malformed',
    400,
    `"${id.slice(0, 80)}" is neither a bucket id (b…) nor a problem id (p…); \`buckets\` and \`problems\` list them`,
  );
}

function unknownTarget(id: string): ServerError {
  return new ServerError(
    'not-found',
    404,
    `no site has offered ${id}; \`buckets\` and \`problems\` list what was offered`,
  );
}
