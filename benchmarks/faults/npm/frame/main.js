import { callers } from './callers.js';

/** Starts one job of this program, as its scheduler, its queue or its operator would. */
async function main([name, caller, variant, route]) {
  const { faults } = await import('../inputs.mjs');
  const [place, input] = faults[name];
  const [file, exported] = place.split('#');
  const { [exported]: job } = await import(`./${file}.js`);
  callers[caller](job, input(Number(variant), Number(route)));
}

setTimeout(() => process.exit(3), 6000).unref();
main(process.argv.slice(2));
