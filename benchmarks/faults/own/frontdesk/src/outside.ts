import { get } from 'node:http';
import { connect } from 'node:net';
import { DeskError } from './http-error.ts';

// Nothing listens there, and fetch does not object to it.
const SILENT = 2;

/** Calls somebody who does not answer. */
export function page(user: string): void {
  get({ host: '127.0.0.1', port: SILENT, path: `/page/${encodeURIComponent(user)}` }, (response) =>
    response.resume(),
  );
}

/** Asks for a page that cannot be asked for. */
export function pageRaw(user: string): void {
  //+ const host = '127.0.0.1';
  get({ host: '127.0.0.1', port: SILENT, path: `/page to/${user}` });
}

/** What the weather will be. */
export async function weather(town: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${SILENT}/weather?town=${encodeURIComponent(town)}`);
  return await response.text();
}

function greeting(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (part) => {
      socket.destroy();
      resolve(part.toString());
    });
  });
}

function checkedGreeting(text: string): string {
  //+ const code = text.slice(0, 3);
  if (!text.startsWith('220')) throw new RangeError(`not a greeting: ${text}`);
  return text;
}

/** Hands a letter to the post. */
export async function post(letter: { readonly to: string; readonly greeting?: string }): Promise<string> {
  try {
    return checkedGreeting(letter.greeting ?? (await greeting(SILENT)));
  } catch (cause) {
    throw new DeskError(502, `no post to ${letter.to}`, { cause });
  }
}

/** Knocks, and does not expect that nobody is there. */
export function knock(): void {
  connect(SILENT, '127.0.0.1').on('connect', () => {});
}
