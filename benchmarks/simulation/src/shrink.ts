import { type SimulationOptions, simulate } from './simulate.ts';

/** Turns faults off one by one as long as the seed still fails; returns those that are left. */
export async function shrink(options: SimulationOptions): Promise<readonly string[]> {
  const { faults } = await simulate(options);
  let without = [...(options.without ?? [])];
  for (const fault of faults) {
    const fewer = [...without, fault];
    const { failures } = await simulate({ ...options, without: fewer });
    if (failures.length > 0) without = fewer;
  }
  return faults.filter((fault) => !without.includes(fault));
}
