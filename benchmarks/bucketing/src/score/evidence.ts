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
    source: (file) => texts.get(textNamed(sources, file) ?? ''),
    mapText: (file) => texts.get(textNamed(maps, file) ?? ''),
    files: Object.keys(sources),
  };
}

/** Files are named with either slash, as a file system does where both occur. */
export function textNamed<Text>(texts: Readonly<Record<string, Text>>, file: string): Text | undefined {
  if (Object.hasOwn(texts, file)) return texts[file];
  const name = Object.keys(texts).find((known) => known.includes('\\') && slashed(known) === slashed(file));
  return name === undefined ? undefined : texts[name];
}

function slashed(file: string): string {
  return file.replaceAll('\\', '/');
}
