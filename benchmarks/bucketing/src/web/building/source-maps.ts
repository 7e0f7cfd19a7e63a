/** Source maps as the corpus keeps them, and two things that deployments do to maps. */
import { createHash } from 'node:crypto';
import { OWN_MODULE } from '../workspace.ts';

interface PlainMap {
  readonly version: number;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly mappings: string;
}

interface IndexMap {
  readonly version: number;
  readonly sections: readonly { readonly offset: object; readonly map: PlainMap }[];
}

/** Leaves texts in a map only where we wrote them; none at all for `nothing`. */
export function withTextsOf(whom: 'us' | 'nothing', json: string): string {
  const map = JSON.parse(json) as PlainMap | IndexMap;
  if (!('sections' in map)) return JSON.stringify(cut(whom, map));
  const sections = map.sections.map((section) => ({ ...section, map: cut(whom, section.map) }));
  return JSON.stringify({ ...map, sections });
}

/** True if every text that went into a bundle is ours. */
export function onlyOurs(json: string): boolean {
  const map = JSON.parse(json) as PlainMap | IndexMap;
  const maps = 'sections' in map ? map.sections.map((section) => section.map) : [map];
  return maps.every((one) => one.sources.every(isOurs));
}

/** A second script glued behind a first on the same line, and the index map of both. */
export function concatenated(first: Mapped, second: Mapped): Mapped {
  const before = `${first.text.trimEnd()};`;
  const lines = before.split('\n');
  const offset = { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
  const sections = [
    { offset: { line: 0, column: 0 }, map: JSON.parse(first.map) },
    { offset, map: JSON.parse(second.map) },
  ];
  return { text: before + second.text, map: JSON.stringify({ version: 3, sections }) };
}

/** Puts one debug id, made from the script's text, into script and map. */
export function withDebugId(built: Mapped): Mapped {
  const hash = createHash('sha256').update(built.text).digest('hex');
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  const map = JSON.stringify({ ...JSON.parse(built.map), debugId: id, debug_id: id });
  const [, script = '', link = ''] = /^(.*?)(\/\/# sourceMappingURL=\S+\s*)?$/s.exec(built.text) ?? [];
  return { text: `${script.trimEnd()}\n//# debugId=${id}\n${link}`, map };
}

/** A script with its map as JSON text. */
export interface Mapped {
  readonly text: string;
  readonly map: string;
}

/** Takes the map out of a script's data URL. */
export function inlineMap(text: string): string | undefined {
  const [, base64] = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,(\S+)/.exec(text) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}

function cut(whom: 'us' | 'nothing', map: PlainMap): PlainMap {
  const texts = map.sources.map((source, index) =>
    whom === 'us' && isOurs(source) ? (map.sourcesContent?.[index] ?? null) : null,
  );
  return { ...map, sourcesContent: texts };
}

function isOurs(source: string): boolean {
  return !source.includes('node_modules/') || source.includes(`node_modules/${OWN_MODULE}/`);
}
