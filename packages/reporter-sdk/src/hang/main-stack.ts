import type { Debugger } from 'node:inspector';

const PATIENCE_MS = 2_000;
const MAX_FRAMES = 100;

/**
 * Stack of the main thread in V8's form, taken by pausing it for a moment from another thread. `paused` where a debugger
 * holds it already; nothing where it does not get to a point at which it can be paused (it waits in native code).
 */
export function mainStack(): Promise<string | 'paused' | undefined> {
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  session.connectToMainThread();
  return new Promise((resolve) => {
    const scripts = new Map<string, string>();
    let asked = false;
    const end = (result: string | undefined): void => {
      clearTimeout(patience);
      session.disconnect();
      resolve(result);
    };
    const patience = setTimeout(() => end(undefined), PATIENCE_MS);
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
    session.on('Debugger.paused', ({ params }) => {
      if (!asked) {
        end('paused');
        return;
      }
      const stack = printFrames(params.callFrames, scripts);
      session.post('Debugger.resume', () => end(stack));
    });
    session.post('Debugger.enable', () => {
      asked = true;
      session.post('Debugger.pause');
    });
  });
}

function printFrames(frames: readonly Debugger.CallFrame[], scripts: ReadonlyMap<string, string>): string {
  const lines = frames.slice(0, MAX_FRAMES).map(({ functionName, url, location }) => {
    const file = url || scripts.get(location.scriptId) || '<anonymous>';
    const place = `${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`;
    return functionName === '' ? `    at ${place}` : `    at ${functionName} (${place})`;
  });
  return ['Hang', ...lines].join('\n');
}
