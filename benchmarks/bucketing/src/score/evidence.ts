/** What a bucketing may see of a case: everything a reporter knew, nothing of the truth. */
import type { ErrorFacts } from '@fr/bucket';
import type { Case, Corpus } from '../case.ts';

export interface Evidence {
  readonly program: string;
  readonly programVersion: string;
  readonly platform?: string;
  readonly modules?: Readonly<Record<string, string>>;
  readonly error: ErrorFacts;
  /** Text of a file, by the name a stack gives it. */
  readonly source: (file: string) => string | undefined;
  /** JSON text of the source map of a built file, by the name a stack gives that file. */
  readonly mapText: (file: string) => string | undefined;
  /** Names of all files that could be read. */
  readonly files: readonly string[];
}

export function evidenceOf(one: Case, { texts }: Corpus): Evidence {
  const { program, programVersion, platform, modules, error, sources, maps } = one;
  return {
    program,
    programVersion,
    ...(platform === undefined ? {} : { platform }),
    ...(modules === undefined ? {} : { modules }),
    error,
    source: (file) => textIn(texts, sources, file),
    mapText: (file) => textIn(texts, maps, file),
    files: Object.keys(sources),
  };
}

function textIn(
  texts: ReadonlyMap<string, string>,
  names: Readonly<Record<string, string>>,
  file: string,
): string | undefined {
  const name = Object.hasOwn(names, file) ? names[file] : undefined;
  return name === undefined ? undefined : texts.get(name);
}
