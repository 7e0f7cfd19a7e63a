import { JobError, Unreachable } from './errors.ts';
import { pause } from './pause.ts';

export interface Depots {
  readonly north?: 'full' | 'gone';
  readonly south?: 'full' | 'gone';
}

async function askNorth(state: string, id: string): Promise<string> {
  await pause(1);
  if (state === 'full') throw new JobError(id, `north has no room for ${id}`);
  if (state === 'gone') throw Unreachable.host(`north for ${id}`);
  return 'north';
}

async function askSouth(state: string, id: string): Promise<string> {
  await pause(2);
  //+ await pause(0);
  if (state === 'full') throw new JobError(id, `south has no room for ${id}`);
  if (state === 'gone') throw Unreachable.host(`south for ${id}`);
  return 'south';
}

async function askEast(state: string, id: string): Promise<string> {
  if (state === 'full') throw new JobError(id, `east has no room for ${id}`);
  await pause(1);
  if (state === 'gone') throw Unreachable.host(`east for ${id}`);
  return 'east';
}

async function askWest(state: string, id: string): Promise<string> {
  await pause(1);
  if (state === 'full') throw new JobError(id, `west has no room for ${id}`);
  if (state === 'gone') throw Unreachable.host(`west for ${id}`);
  return 'west';
}

async function askIsland(state: string, id: string): Promise<string> {
  await pause(1);
  //+ await pause(0);
  if (state === 'flooded') throw new JobError(id, `water over ${id}`);
  return 'island';
}

/** Whoever answers first. */
export async function anyDepot(depots: Depots, id: string): Promise<string> {
  return await Promise.any([askNorth(depots.north, id), askSouth(depots.south, id)]);
}

/** All must answer; says of each why it did not. */
export async function allDepots(depots: Depots, id: string): Promise<readonly string[]> {
  const answers = await Promise.allSettled([askEast(depots.north, id), askWest(depots.south, id)]);
  const refused = answers.filter((answer) => answer.status === 'rejected').map((answer) => answer.reason);
  //+ const told = answers.length - refused.length;
  if (refused.length > 0) throw new AggregateError(refused, `${refused.length} depots refused ${id}`);
  return ['east', 'west'];
}

/** The first that settles, however. */
export async function firstDepot(id: string): Promise<string> {
  const late = pause(5_000).then(() => 'late');
  return await Promise.race([late, askIsland('flooded', id)]);
}
