/**
 * What lists are found by, as SQL: since version 3 of the tables. A hit must not pay for it, so all of it is written when
 * a bucket is born, when its entries change, and at most once a minute for the order of last hits; by whom, see
 * `writer/lists.ts`. Derived, all of it.
 *
 * - `problem_words`: three letters at a time, which problems contain them, by `problem_numbers`; no text is kept a second
 *   time, so what is found there is looked at once more where the words lie.
 * - `seen_buckets`, `seen_problems`: by the minute of the last hit.
 *
 * @module
 */

/** As in `listing.ts`, which is not for the writer's thread. Another value would be another version of the tables. */
export const SEEN_STEP_MS: number = 60_000;

type Seen = readonly ['buckets', 'bucket_id'] | readonly ['problems', 'problem_id'];

const BUCKETS: Seen = ['buckets', 'bucket_id'];
const PROBLEMS: Seen = ['problems', 'problem_id'];

const minuteOf = (row: 'new' | 'old') => `${row}.last_seen / ${SEEN_STEP_MS}`;

function seenTable([table, id]: Seen): string {
  return `
CREATE TABLE seen_${table} (
  minute INTEGER NOT NULL, ${id} TEXT NOT NULL, PRIMARY KEY (minute DESC, ${id})
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ${table}_gone AFTER DELETE ON ${table} BEGIN
  DELETE FROM seen_${table} WHERE minute = ${minuteOf('old')} AND ${id} = old.${id};
END;`;
}

const LISTS = `${seenTable(BUCKETS)}
${seenTable(PROBLEMS)}
CREATE TABLE problem_numbers (number INTEGER PRIMARY KEY, problem_id TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE problem_words USING fts5(
  search, content='', columnsize=0, detail='none', tokenize='trigram'
);
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

/** What is seen to have been hit when, and by which words, for rows that came by other ways than the writer's. */
export const FILL_LISTS: string = `
INSERT OR IGNORE INTO seen_buckets SELECT last_seen / ${SEEN_STEP_MS}, bucket_id FROM buckets ORDER BY 1 DESC, 2;
INSERT OR IGNORE INTO seen_problems SELECT last_seen / ${SEEN_STEP_MS}, problem_id FROM problems ORDER BY 1 DESC, 2;
INSERT INTO problem_numbers (problem_id) SELECT problem_id FROM problems;
INSERT INTO problem_words (rowid, search)
  SELECT n.number, p.search FROM problem_numbers n CROSS JOIN problems p ON p.problem_id = n.problem_id;
`;

function seenAgain([table, id]: Seen): string {
  const isSaid = `SELECT 1 FROM ${table} t WHERE t.${id} = seen_${table}.${id} AND t.last_seen / ${SEEN_STEP_MS} = minute`;
  return `
DELETE FROM seen_${table} WHERE NOT EXISTS (${isSaid});
INSERT OR IGNORE INTO seen_${table} SELECT last_seen / ${SEEN_STEP_MS}, ${id} FROM ${table};`;
}

/** Makes the order of last hits what the rows say, after they were changed by other ways than the writer's. */
export const ORDER_LAST_HITS: string = seenAgain(BUCKETS) + seenAgain(PROBLEMS);

/** For tables of version 2. */
export const ADD_LISTS_AND_NOTES: string = LISTS_AND_NOTES + FILL_LISTS;

/**
 * In version 3 triggers wrote all this. A statement with a trigger keeps a journal of its own, in which every page it
 * writes is copied first, and has the letters' index written out behind each text: twice the price of a hit's updates,
 * five times that of a birth.
 */
function triggersOn([table, id]: Seen, atBirth: string): string {
  const insert = `INSERT OR IGNORE INTO seen_${table} VALUES (${minuteOf('new')}, new.${id});`;
  return `
CREATE TRIGGER ${table}_seen AFTER UPDATE OF last_seen ON ${table} WHEN ${minuteOf('new')} <> ${minuteOf('old')} BEGIN
  DELETE FROM seen_${table} WHERE minute = ${minuteOf('old')} AND ${id} = old.${id};
  ${insert}
END;
CREATE TRIGGER ${table}_born AFTER INSERT ON ${table} BEGIN
  ${insert}${atBirth}
END;`;
}

/** As version 3 has them. */
export const ADD_TRIGGERS: string =
  triggersOn(BUCKETS, '') +
  triggersOn(
    PROBLEMS,
    `
  INSERT INTO problem_numbers (problem_id) VALUES (new.problem_id);
  INSERT INTO problem_words (rowid, search) VALUES (last_insert_rowid(), new.search);`,
  );

/** Tables that came from version 2 in one go never had them. */
export const DROP_TRIGGERS: string = `
DROP TRIGGER IF EXISTS buckets_seen; DROP TRIGGER IF EXISTS buckets_born;
DROP TRIGGER IF EXISTS problems_seen; DROP TRIGGER IF EXISTS problems_born;
`;
