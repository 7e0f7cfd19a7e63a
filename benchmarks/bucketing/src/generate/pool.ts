/** Does all tasks, at most `width` at a time, and gives their results in the order of the tasks. */
export async function allOf<T>(tasks: readonly (() => Promise<T>)[], width = 2): Promise<readonly T[]> {
  const results: T[] = new Array(tasks.length);
  let next = 0;
  async function work(): Promise<void> {
    while (next < tasks.length) {
      const index = next;
      next += 1;
      const task = tasks[index];
      if (task !== undefined) results[index] = await task();
    }
  }
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
