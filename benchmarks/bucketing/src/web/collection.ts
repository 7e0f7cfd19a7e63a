/**
 * The collection `web`: the same faults seen through bundlers and by other engines. A shop's page (it runs in Node
 * too, but for its view) and a service are broken in many places; both are built in many ways, put on many hosts,
 * and made to fail in three browsers, three Nodes, Bun and Deno.
 */
import type { ErrorFacts } from '@fr/bucket';
import type { Case, Corpus } from '../case.ts';
import { mapTexts } from '../generate/facts.ts';
import { allOf } from '../generate/pool.ts';
import { Sandbox } from '../generate/sandbox.ts';
import { TextCollector } from '../generate/texts.ts';
import { type Engine, findBrowsers, tour } from './pages/browsers.ts';
import { type Page, PageServer } from './pages/page-server.ts';
import type { Site } from './pages/site.ts';
import { planService } from './plan-service.ts';
import { planShop } from './plan-shop.ts';
import { caseOf, type Planned } from './planned.ts';
import { failed, installRuntimes, type Runtime, type RuntimeName } from './processes/runtimes.ts';

type Browsers = ReturnType<typeof findBrowsers>;
type Runtimes = Readonly<Record<RuntimeName, Runtime>>;

/** Takes about five minutes; needs the three browsers, installs the rest by npm. */
export async function webCollection(): Promise<Corpus> {
  const browsers = findBrowsers();
  const runtimes = installRuntimes();
  const sandbox = new Sandbox('fr-web');
  const server = new PageServer();
  await server.start();
  try {
    const planned = [...(await planShop(sandbox)), ...(await planService(sandbox))];
    const errors = new Map<Planned, ErrorFacts>();
    await failInProcesses(sandbox, server.url, runtimes, planned, errors);
    for (const engine of ['chromium', 'firefox', 'webkit'] as const)
      await failInPages(sandbox, server, engine, browsers, planned, errors);
    return gathered(planned, errors, browsers, runtimes);
  } finally {
    server.stop();
    sandbox.remove();
  }
}

async function failInProcesses(
  sandbox: Sandbox,
  api: string,
  runtimes: Runtimes,
  all: readonly Planned[],
  errors: Map<Planned, ErrorFacts>,
): Promise<void> {
  const runs = all.map((planned) => async () => {
    const { place, fault, visitor, caller } = planned;
    if (place.kind !== 'process') return;
    const error = await failed(sandbox, {
      runtime: runtimes[place.runtime],
      entry: place.installation.entry,
      args: [fault, String(visitor), caller],
      env: { SHOP_API: api, SHOP_WISH: wishOf(planned) },
    });
    if (error !== undefined) errors.set(planned, error);
  });
  await allOf(runs);
}

async function failInPages(
  sandbox: Sandbox,
  server: PageServer,
  engine: Engine,
  browsers: Browsers,
  all: readonly Planned[],
  errors: Map<Planned, ErrorFacts>,
): Promise<void> {
  const stops: { planned: Planned; page: Page }[] = [];
  for (const planned of all) {
    const { place } = planned;
    if (place.kind === 'page' && place.engine === engine)
      stops.push({ planned, page: { site: place.site, wish: wishOf(planned) } });
  }
  const pages = stops.map(({ page }) => page);
  const seen = await tour(server, browsers[engine], sandbox.outside(`/.${engine}`), pages);
  for (const [index, { planned, page }] of stops.entries()) {
    const error = seen[index];
    if (error) errors.set(planned, secured(page.site, error));
  }
}

function wishOf({ fault, visitor, caller }: Planned): string {
  return new URLSearchParams({ visit: fault, visitor: String(visitor), caller }).toString();
}

function secured(site: Site, error: ErrorFacts): ErrorFacts {
  if (!site.secure) return error;
  return mapTexts(error, (text) => text.replaceAll(`http://${site.host}`, `https://${site.host}`));
}

function gathered(
  all: readonly Planned[],
  errors: ReadonlyMap<Planned, ErrorFacts>,
  browsers: Browsers,
  runtimes: Runtimes,
): Corpus {
  const texts = new TextCollector();
  const cases: Case[] = [];
  for (const planned of all) {
    const { place } = planned;
    const { name } = place.kind === 'page' ? browsers[place.engine] : runtimes[place.runtime];
    const error = errors.get(planned);
    if (error === undefined) {
      // Some engines hide some failures from the page or the process; that is worth knowing, not an error.
      console.error(`not seen: ${planned.fault} in ${name} (${planned.scope})`);
      continue;
    }
    const one = caseOf(planned, name, error, texts);
    if (one !== undefined) cases.push(one);
  }
  return { cases, texts: texts.texts };
}
