/**
 * What lists are found by, as SQL: since version 3 of the tables. A hit must not pay for it, so all of it is written when
 * a bucket is born, when its entries change, and at most once a minute for the order of last hits: the tables hear of
 * it by triggers, whoever writes. Derived, all of it.
 *
 * - `problem_words`: three letters at a time, which problems contain them, by `problem_numbers`; no text is kept a second
 *   time, so what is found there is looked at once more where the words lie.
 * - `seen_buckets`, `seen_problems`: by the minute of the last hit.
 *
 * @module
 */

/** As in `listing.ts`, which is not for the writer's thread. Another value would be another version of the tables. */
const SEEN_STEP_MS = 60_000;

function seen(table: 'buckets' | 'problems', id: string): string {
  const minute = (row: string) => `${row}.last_seen / ${SEEN_STEP_MS}`;
  const insert = `INSERT OR IGNORE INTO seen_${table} VALUES (${minute('new')}, new.${id});`;
  return `
CREATE TABLE seen_${table} (
  minute INTEGER NOT NULL, ${id} TEXT NOT NULL, PRIMARY KEY (minute DESC, ${id})
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ${table}_seen AFTER UPDATE OF last_seen ON ${table} WHEN ${minute('new')} <> ${minute('old')} BEGIN
  DELETE FROM seen_${table} WHERE minute = ${minute('old')} AND ${id} = old.${id};
  ${insert}
END;
CREATE TRIGGER ${table}_gone AFTER DELETE ON ${table} BEGIN
  DELETE FROM seen_${table} WHERE minute = ${minute('old')} AND ${id} = old.${id};
END;`;
}

const LISTS = `${seen('buckets', 'bucket_id')}
CREATE TRIGGER buckets_born AFTER INSERT ON buckets BEGIN
  INSERT OR IGNORE INTO seen_buckets VALUES (new.last_seen / ${SEEN_STEP_MS}, new.bucket_id);
END;
${seen('problems', 'problem_id')}
CREATE TABLE problem_numbers (number INTEGER PRIMARY KEY, problem_id TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE problem_words USING fts5(
  search, content='', columnsize=0, detail='none', tokenize='trigram'
);
CREATE TRIGGER problems_born AFTER INSERT ON problems BEGIN
  INSERT OR IGNORE INTO seen_problems VALUES (new.last_seen / ${SEEN_STEP_MS}, new.problem_id);
  INSERT INTO problem_numbers (problem_id) VALUES (new.problem_id);
  INSERT INTO problem_words (rowid, search) VALUES (last_insert_rowid(), new.search);
END;
CREATE INDEX buckets_by_birth ON buckets (first_seen DESC, bucket_id);
CREATE INDEX buckets_by_version ON buckets (program_version, program);
CREATE INDEX buckets_pending ON buckets (bucket_id) WHERE pending > 0;
CREATE INDEX buckets_uploaded ON buckets (bucket_id) WHERE uploaded > 0;
CREATE INDEX totals_by_origin ON totals (origin_id, bucket_id);
CREATE INDEX problems_by_birth ON problems (first_seen DESC, problem_id);
CREATE INDEX problems_by_program ON problems (program);
CREATE INDEX problems_by_module ON problems (module, program);
CREATE INDEX problems_pending ON problems (problem_id) WHERE pending > 0;
CREATE INDEX problems_uploaded ON problems (problem_id) WHERE uploaded > 0;
`;

/** In which folders something is under way; see `entries/touched.ts`. Nothing is known of what lies there already. */
const TOUCHED = `
CREATE TABLE touched (bucket_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO touched VALUES ('*');
`;

/** For empty tables. */
export const LISTS_AND_NOTES: string = LISTS + TOUCHED;

/** For tables of version 2. */
export const ADD_LISTS_AND_NOTES: string = `${LISTS_AND_NOTES}
INSERT INTO seen_buckets SELECT last_seen / ${SEEN_STEP_MS}, bucket_id FROM buckets ORDER BY 1 DESC, 2;
INSERT INTO seen_problems SELECT last_seen / ${SEEN_STEP_MS}, problem_id FROM problems ORDER BY 1 DESC, 2;
INSERT INTO problem_numbers (problem_id) SELECT problem_id FROM problems;
INSERT INTO problem_words (rowid, search)
  SELECT n.number, p.search FROM problem_numbers n CROSS JOIN problems p ON p.problem_id = n.problem_id;
`;

export const DROP_LISTS_AND_NOTES: string = `
DROP TRIGGER buckets_seen; DROP TRIGGER buckets_gone; DROP TRIGGER buckets_born;
DROP TRIGGER problems_seen; DROP TRIGGER problems_gone; DROP TRIGGER problems_born;
DROP TABLE seen_buckets; DROP TABLE seen_problems; DROP TABLE problem_words;
DROP TABLE problem_numbers; DROP TABLE touched;
DROP INDEX buckets_by_birth; DROP INDEX buckets_by_version; DROP INDEX buckets_pending; DROP INDEX buckets_uploaded;
DROP INDEX totals_by_origin; DROP INDEX problems_by_birth; DROP INDEX problems_by_program;
DROP INDEX problems_by_module; DROP INDEX problems_pending; DROP INDEX problems_uploaded;
`;
