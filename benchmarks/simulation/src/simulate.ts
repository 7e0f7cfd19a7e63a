/**
 * One run from one seed: some hours in which things go wrong, then quiet, then what must hold.
 * @module
 */
import { createDemand, withdrawDemand } from '@fr/sync';
import { ASKING, BUCKETS, HEAVY } from './actors/catalog.ts';
import { Reporter } from './actors/reporter.ts';
import { Site, type Surroundings } from './actors/site.ts';
import { Vendor, vendorKey } from './actors/vendor.ts';
import { type Verdicts, verify } from './checks/verify.ts';
import { Watch } from './checks/watch.ts';
import type { Mutation } from './mutation.ts';
import { drawFaults, FAULTS, type FaultPlan } from './world/faults.ts';
import { createRandom, type Random } from './world/random.ts';
import { World } from './world/world.ts';

const MINUTE = 60_000;
const UNREST = 60 * MINUTE;
const QUIET = 45 * MINUTE;

export interface SimulationOptions {
  readonly seed: number;
  readonly without?: readonly string[];
  readonly mutation?: Mutation;
  readonly trace?: boolean;
}

/** What came of a run. It is good where there are no failures. */
export interface SimulationResult extends Verdicts {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly failures: readonly string[];
  readonly trace: readonly string[];
}

interface Stage extends Surroundings {
  readonly plan: FaultPlan;
  /** What happens to happen; the world's own chance is spent by the code under test. */
  readonly random: Random;
  readonly sites: Site[];
  readonly reporters: Reporter[];
}

/** Runs one seed. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, without = [], mutation = {}, trace = false } = options;
  const random = createRandom(seed);
  const plan = drawFaults(random.fork(), without);
  const world = new World(random.fork(), plan, trace);
  const watch = new Watch(world);
  const vendor = new Vendor(world, watch, mutation);
  const stage: Stage = { world, watch, vendor, mutation, plan, random, sites: [], reporters: [] };
  setUp(stage);
  await world.scheduler.run(UNREST);
  await settleDown(stage);
  await world.scheduler.run(UNREST + QUIET);
  const verdicts = await verify(stage);
  const faults = FAULTS.filter((fault) => plan.has(fault));
  return { seed, faults, failures: world.failures, trace: world.trace, ...verdicts };
}

function setUp(stage: Stage): void {
  const { vendor, random, sites } = stage;
  startMachine(stage, vendor);
  for (let number = 1; number <= 2 + random.below(2); number++) {
    const site = new Site(`site-${number}`, stage, random.chance(0.5));
    sites.push(site);
    startMachine(stage, site);
    for (let one = 1; one <= 2; one++) addReporter(stage, site, `rep-${number}-${one}`);
  }
  everySoOften(stage, 12 * MINUTE, () => changeDemands(stage));
  everySoOften(stage, 25 * MINUTE, () => approve(stage));
  if (stage.plan.has('partition')) everySoOften(stage, 20 * MINUTE, () => cutSomebody(stage));
  if (stage.plan.has('crash')) everySoOften(stage, 30 * MINUTE, () => killSomebody(stage));
  if (stage.plan.has('jump')) everySoOften(stage, 30 * MINUTE, () => setClock(stage));
  if (stage.plan.has('two-passes')) everySoOften(stage, 10 * MINUTE, () => pickSite(stage).passTwice());
  planDisks(stage);
}

function startMachine({ plan, random }: Stage, { machine }: Pick<Site, 'machine'>): void {
  const skew = (random.next() - 0.5) * 20 * MINUTE;
  if (plan.has('skew')) machine.skew = Math.trunc(skew);
  machine.start();
}

function addReporter(stage: Stage, site: Site, name: string): void {
  const reporter = new Reporter(name, site, stage);
  stage.reporters.push(reporter);
  startMachine(stage, reporter);
  everySoOften(stage, (1 + stage.random.below(8)) * MINUTE, () => {
    const { random } = stage;
    const bucket =
      BUCKETS[Math.min(random.below(BUCKETS.length), random.below(BUCKETS.length))] ?? BUCKETS[0];
    for (let times = 0; times <= random.below(3); times++) reporter.fail(bucket);
  });
}

/** Now and then until the quiet. */
function everySoOften(stage: Stage, ms: number, act: () => void): void {
  const { random, world } = stage;
  function plan(): void {
    world.scheduler.after(ms * (0.2 + 1.6 * random.next()), () => {
      if (world.quiet) return;
      act();
      plan();
    });
  }
  plan();
}

/** A person at the vendor asks for something, or for something no more. */
function changeDemands({ vendor, random, plan, world }: Stage): void {
  const type = random.pick(['stack', 'environment', ASKING, HEAVY]);
  const bucket = random.pick(BUCKETS);
  const whole = random.chance(0.4);
  const count = 1 + random.below(3);
  const withdraws = random.chance(0.35) && plan.has('change-demands');
  const short = random.chance(0.2) && plan.has('change-demands');
  const { running } = vendor;
  if (!running?.life.alive) return;
  const { store } = running;
  const now = vendor.machine.now();
  const id = `d-${Math.floor(world.scheduler.now)}`;
  if (withdraws) {
    void store.demands.list().then(async (list) => {
      const open = list.find(({ demand, closedAt }) => demand.terms.id.startsWith('d-') && !closedAt);
      if (open) await withdrawDemand({ id: open.demand.terms.id, store, now });
    });
    return;
  }
  const pattern = whole
    ? { program: bucket.program }
    : { program: bucket.program, location: bucket.location };
  world.log('vendor', `asks for ${count} ${type} of ${whole ? bucket.program : bucket.location} (${id})`);
  void createDemand({
    pattern,
    types: [{ type, count }],
    each: random.chance(0.5) ? 'bucket' : 'demand',
    reason: 'to see',
    author: 'support',
    key: vendorKey,
    store,
    now,
    until: now + (short ? 20 : 24 * 60) * MINUTE,
    id,
  });
}

function approve(stage: Stage): void {
  void pickSite(stage).approveAll();
}

function cutSomebody({ random, world, sites, reporters }: Stage): void {
  const names = [...sites, ...sites, ...reporters].map(({ machine }) => machine.name);
  world.cut(names[random.below(names.length)] ?? '', random.below(25 * MINUTE));
}

function killSomebody({ random, vendor, sites, reporters }: Stage): void {
  const machines = [vendor, ...sites, ...reporters].map(({ machine }) => machine);
  machines[random.below(machines.length)]?.kill('at some moment');
}

function setClock({ random, vendor, sites, world }: Stage): void {
  const machines = [vendor, ...sites].map(({ machine }) => machine);
  const machine = machines[random.below(machines.length)] ?? vendor.machine;
  machine.skew = Math.trunc((random.next() - 0.5) * 30 * MINUTE);
  world.log(machine.name, `has its clock set: ${machine.skew} ms off`);
}

function pickSite({ random, sites }: Stage): Site {
  const site = sites[random.below(sites.length)];
  if (!site) throw new Error('there are no sites');
  return site;
}

/** Copies of disks, taken at one time and put to use at another. */
function planDisks(stage: Stage): void {
  const { plan, random, world, vendor, sites } = stage;
  const [taken, used] = [random.next() * 0.6, 0.1 + random.next() * 0.25];
  function later(share: number, act: () => void): void {
    world.scheduler.after(share * UNREST, act);
  }
  const site = pickSite(stage);
  if (plan.has('restore-site'))
    later(taken, () => {
      const restore = site.backup();
      later(used * 0.5, restore);
    });
  if (plan.has('restore-vendor'))
    later(taken, () => {
      const restore = vendor.backup();
      later(used, restore);
    });
  if (plan.has('clone-site'))
    later(taken, () => {
      void site.clone('site-twin').then((twin) => {
        sites.push(twin);
        startMachine(stage, twin);
        addReporter(stage, twin, 'rep-twin');
      });
    });
}

/** Faults stop, everybody is up. */
async function settleDown({ world, vendor, sites, reporters }: Stage): Promise<void> {
  world.quiet = true;
  world.log('world', 'becomes quiet');
  for (const { machine } of [vendor, ...sites, ...reporters]) if (!machine.life.alive) machine.start();
}
