/**
 * fr inside a worker thread: listeners that note, nothing else. The guard, the run marker and the launching belong to
 * the process; where its main thread runs without fr the worker launches the reporter itself.
 * @module
 */
import { fs, path } from '../../builtin.ts';
import { ownLife } from '../../guard/life.ts';
import { readMarker, runsFolder } from '../../guard/run-marker.ts';
import type { Watch } from '../../guard/watch.ts';
import { launchReporter } from '../launch.ts';
import type { Environment, Settings } from '../settings/settings.ts';
import { tellThreads } from './workers.ts';

/** How a worker speaks to whoever watches its process. */
export function watchFromWorker(settings: Settings, environment: Environment): Watch {
  let found: { readonly life: string | undefined } | undefined;
  const lifeNow = (): string | undefined => {
    found ??= { life: lifeOfProcess(settings.spoolFolder) };
    return found.life;
  };
  const deliver = (): void =>
    lifeNow() === undefined ? launchReporter(settings, environment) : tellThreads(false);
  return {
    get life() {
      return lifeNow();
    },
    deliver,
    deliverAtEnd: deliver,
    leave() {},
    dismiss() {},
  };
}

/** Id of the run marker that the main thread has put up. */
function lifeOfProcess(spoolFolder: string): string | undefined {
  const folder = runsFolder(spoolFolder);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const { started } = ownLife();
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => readMarker(path.join(folder, name)))
    .find((marker) => marker?.life?.pid === process.pid && marker.life.started === started)?.id;
}
