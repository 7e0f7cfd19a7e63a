/**
 * Breadcrumbs that nobody has to write: what Node itself says on its diagnostics channels. Nothing is patched; where a
 * runtime has no such channel nothing is heard.
 * @module
 */
import type { Breadcrumb } from './breadcrumbs.ts';

/** What can be listened to. `http`: requests that the program makes, by `node:http` and by `fetch`. */
export type CrumbSource = 'console' | 'http';

type Heard = (message: unknown, name: string | symbol) => Breadcrumb;

const CONSOLE = ['debug', 'log', 'info', 'warn', 'error'] as const;
const LEVELS = { debug: 'debug', log: 'info', info: 'info', warn: 'warning', error: 'error' } as const;

/** Begins to listen to these sources; other words are none. Gives what stops it. */
export function listenForCrumbs(sources: readonly string[], add: (crumb: Breadcrumb) => void): () => void {
  const { subscribe, unsubscribe } = process.getBuiltinModule('node:diagnostics_channel');
  const channels = [
    ...(sources.includes('console') ? fromConsole() : []),
    ...(sources.includes('http') ? FROM_HTTP : []),
  ];
  const stops = channels.map(([name, heard]) => {
    const listener: Parameters<typeof subscribe>[1] = (message, channel) => {
      // What is thrown in here would become an exception of the program.
      try {
        add(heard(message, channel));
      } catch {
        // A message of another shape.
      }
    };
    subscribe(name, listener);
    return () => unsubscribe(name, listener);
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function fromConsole(): readonly (readonly [string, Heard])[] {
  return CONSOLE.map((method) => [
    `console.${method}`,
    (args) => ({
      message: (args as unknown[]).map(printed).join(' '),
      category: 'console',
      level: LEVELS[method],
    }),
  ]);
}

/** Objects are named, not printed: that would run code of theirs. */
function printed(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? '[object]'
    : typeof value === 'function'
      ? '[function]'
      : String(value);
}

const FROM_HTTP: readonly (readonly [string, Heard])[] = [
  [
    'http.client.response.finish',
    (message) => {
      const { request, response } = message as {
        request: { method: string; protocol: string; host: string; path: string };
        response: { statusCode: number };
      };
      return exchange(
        request.method,
        `${request.protocol}//${request.host}`,
        request.path,
        response.statusCode,
      );
    },
  ],
  [
    'undici:request:headers',
    (message) => {
      const { request, response } = message as {
        request: { method: string; origin: unknown; path: string };
        response: { statusCode: number };
      };
      return exchange(request.method, String(request.origin), request.path, response.statusCode);
    },
  ],
];

/** Without query, user and password: they are where secrets are. */
function exchange(method: string, origin: string, path: string, status: number): Breadcrumb {
  const where = `${origin.replace(/\/\/[^/@]*@/, '//')}${path.split(/[?#]/)[0] ?? ''}`;
  return { message: `${method} ${where}`, category: 'http', data: { status } };
}
