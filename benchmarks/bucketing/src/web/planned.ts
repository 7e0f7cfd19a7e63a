/** Failures to be brought about, and the cases made of them. */
import type { ErrorFacts } from '@fr/bucket';
import type { Case, Scope } from '../case.ts';
import { stacksOf } from '../generate/facts.ts';
import type { TextCollector } from '../generate/texts.ts';
import { withTextsOf } from './building/source-maps.ts';
import { hasSources } from './faults.ts';
import type { Engine } from './pages/browsers.ts';
import type { Deployed, Site } from './pages/site.ts';
import type { Installation } from './processes/installation.ts';
import type { RuntimeName } from './processes/runtimes.ts';
import { MODULES, type Workspace } from './workspace.ts';

export type Place =
  | { readonly kind: 'page'; readonly engine: Engine; readonly site: Site }
  | { readonly kind: 'process'; readonly runtime: RuntimeName; readonly installation: Installation };

export interface Planned {
  /** Name in the program's table. */
  readonly fault: string;
  readonly scope: Scope;
  readonly workspace: Workspace;
  readonly place: Place;
  /** Which data, and by which way. */
  readonly visitor: number;
  readonly caller: string;
  /** Nobody has the map; the build's hash then belongs to the fault's label. */
  readonly unmapped?: string;
}

/** Nothing where even a person could not tell the fault: an unmapped build that the stacks do not show. */
export function caseOf(
  planned: Planned,
  engine: string,
  error: ErrorFacts,
  texts: TextCollector,
): Case | undefined {
  const { fault, scope, workspace, place, unmapped } = planned;
  const deployed = place.kind === 'page' ? place.site.deployed : place.installation.deployed;
  const shown = shownFiles(error, deployed);
  if (unmapped !== undefined && shown.length === 0) return undefined;
  const { sources, maps } = textsAtHand(planned, shown, texts);
  return {
    fault: `web/${fault}${unmapped === undefined ? '' : `@${unmapped}`}`,
    scope,
    how: howOf(planned, engine),
    program: workspace.program,
    programVersion: workspace.release,
    ...(place.kind === 'page' ? {} : { platform: 'linux' }),
    error,
    modules: modulesOf(workspace),
    sources,
    maps,
  };
}

function howOf({ place, unmapped, visitor, caller, workspace }: Planned, engine: string): string {
  const built = place.kind === 'page' ? `${place.site.name}, ${place.site.host}` : place.installation.name;
  const map = unmapped === undefined ? '' : ', map not at hand';
  return `${engine}, ${built}${map}, release ${workspace.release}, data ${visitor}, by ${caller}`;
}

function modulesOf(workspace: Workspace): Readonly<Record<string, string>> {
  const uses = Object.entries(MODULES).filter(
    ([name]) => name !== 'mitt' || workspace.program === 'tally-shop',
  );
  return Object.fromEntries(uses);
}

interface Shown {
  readonly key: string;
  readonly file: Deployed;
}

/** Deployed files under the names by which the stacks print them, queries included. */
function shownFiles(error: ErrorFacts, deployed: readonly Deployed[]): readonly Shown[] {
  const stacks = stacksOf(error).join('\n');
  return deployed.flatMap((file) => {
    if (!stacks.includes(file.shown)) return [];
    const name = file.shown.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`(?<=^|[\\s(@])${name}(?:\\?[^\\s:)]*)?(?=:\\d| line \\d)`, 'gm');
    return [...new Set(stacks.match(pattern))].map((key) => ({ key, file }));
  });
}

function textsAtHand(
  { fault, place, unmapped }: Planned,
  shown: readonly Shown[],
  texts: TextCollector,
): Pick<Case, 'sources' | 'maps'> {
  const sources: Record<string, string> = {};
  const maps: Record<string, string> = {};
  for (const { key, file } of shown) {
    if (file.map !== undefined && unmapped === undefined)
      maps[key] = texts.keep(hasSources(fault) ? file.map : withTextsOf('nothing', file.map));
    else if (file.text !== undefined && hasSources(fault)) sources[key] = texts.keep(file.text);
  }
  if (place.kind === 'process' && hasSources(fault))
    for (const [path, text] of place.installation.manifests) sources[path] = texts.keep(text);
  return { sources, maps };
}
