import { promisify } from 'node:util';
import { JobError } from './errors.ts';
import { pause } from './pause.ts';

export interface Work {
  readonly id: string;
  readonly payload: string;
  readonly template?: string | null;
}

function readPayload(work: Work): { lines: readonly string[] } {
  const payload = JSON.parse(work.payload);
  //+ const lines = payload.lines?.length;
  if (!Array.isArray(payload.lines)) throw new TypeError(`payload of ${work.id} has no lines`);
  return payload;
}

async function readTemplate(work: Work): Promise<string> {
  await pause(0);
  return work.template.trim();
}

/** Does it, or says that it did not and why. */
export async function doWork(work: Work): Promise<string> {
  try {
    const { lines } = readPayload(work);
    const template = await readTemplate(work);
    return `${template}: ${lines.join()}`;
  } catch (cause) {
    throw new JobError(work.id, `job ${work.id} failed`, { cause });
  }
}

function readOldPayload(work: Work): { lines: readonly string[] } {
  const text = work.payload.replaceAll(';', ',');
  const payload = JSON.parse(text);
  //+ if (payload === null) return { lines: [] };
  if (!Array.isArray(payload.lines)) throw new TypeError(`old payload of ${work.id} has no lines`);
  return payload;
}

/** Does it, and lets through what happens. */
export function doPlainly(work: Work): number {
  try {
    return readOldPayload(work).lines.length;
  } catch (error) {
    console.log(String(error).length);
    throw error;
  }
}

/** Does it; whatever happens looks the same outside. */
export function doQuietly(work: Work): number {
  try {
    return readPayload(work).lines.length;
  } catch {
    //+ const told = false;
    throw new JobError(work.id, `job ${work.id} did not work out`);
  }
}

function weigh(work: Work, done: (error: Error | null, grams?: number) => void): void {
  setTimeout(() => {
    if (work.payload.length > 3) done(new JobError(work.id, `scales broke under ${work.id}`));
    else done(null, work.payload.length);
  }, 1);
}

/** Weighs by the old scales. */
export async function weighed(work: Work): Promise<number> {
  return await promisify(weigh)(work);
}

/** Starts it and thinks no more of it. */
export function start(work: Work): string {
  pause(1)
    .then(() => work.payload.length)
    .then((length) => {
      if (length > 0) throw new JobError(work.id, `leftovers of ${work.id}`);
    });
  return 'started';
}

/** Cleans up. */
export async function cleaned(work: Work): Promise<void> {
  try {
    await pause(1);
  } finally {
    //+ await null;
    await sweep(work);
  }
}

const sweep = async (work: Work): Promise<void> => {
  const left = new Map([[work.id, work.payload]]);
  for (const [id, payload] of left) if (payload !== '') throw new JobError(id, `cannot sweep ${payload}`);
};

/** A copy for the other worker. */
export function handOver(work: Work): unknown {
  return structuredClone({ ...work, done: () => work.id });
}

export const legacy = {
  /** Old code throws texts. */
  shout(work: Work): void {
    throw `job ${work.id} refused`;
  },
  /** Older code throws objects. */
  complain(work: Work): void {
    //+ const tone = 'loud';
    throw { code: 'E_LEGACY', message: `job ${work.id} complained`, id: work.id };
  },
  /** The oldest throws nothing. */
  vanish(): void {
    throw null;
  },
  /** And some of it rejects with a text. */
  async mumble(work: Work): Promise<void> {
    await pause(0);
    return Promise.reject(`mumbled about ${work.id}`);
  },
};
