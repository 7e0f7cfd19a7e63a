import type { Origin } from '@fr/protocol';
import type { Database } from './database.ts';

/** The identity under which own hits are counted. */
export function readOrigin(db: Database): Origin {
  const fact = (name: string) =>
    db.get<{ value: string | number }>('SELECT value FROM facts WHERE name = ?', name)?.value;
  return { id: String(fact('origin')), epoch: Number(fact('epoch')) };
}
