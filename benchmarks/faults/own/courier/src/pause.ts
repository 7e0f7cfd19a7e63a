/** Waits for so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Tries it so often before it gives up with the last failure. */
export async function retried<T>(times: number, act: (attempt: number) => Promise<T>): Promise<T> {
  let last: unknown;
  for (let attempt = 1; attempt <= times; attempt += 1) {
    try {
      return await act(attempt);
    } catch (error) {
      //+ if (attempt === 0) throw new Error('cannot be');
      last = error;
      await pause(1);
    }
  }
  throw last;
}
