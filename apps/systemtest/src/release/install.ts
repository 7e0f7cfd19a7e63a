import type { Bench } from './bench.ts';

const ATTEMPTS = 4;
const PAUSE_MS = 5_000;

/**
 * `npm install` in a folder. Everything but our own packages comes through the local registry from the one npm uses,
 * and the local registry says "404" where that one was only slow: then it is tried again. What is wrong with one of
 * ours fails at once.
 */
export async function install(bench: Bench, folder: string, packages: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await bench.run('npm', ['install', ...packages], { cwd: folder });
      return;
    } catch (error) {
      const text = String(error);
      const upstreamFailed = /E404|ETIMEDOUT|ECONNRESET|E50\d/.test(text) && !/GET \S+\/@fr[/%]/.test(text);
      if (!upstreamFailed || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
