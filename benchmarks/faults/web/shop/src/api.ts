/** The one way to the shop's own server. */
export class ApiError extends Error {
  readonly status: number;

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`);
    this.name = new.target.name;
    this.status = status;
  }
}

const BASE: string = (globalThis as { SHOP_API?: string }).SHOP_API ?? '';

//+ /** Requests in flight, for the little wheel in the corner. */
//+ let waiting = 0;
//+
//+ export function isBusy(): boolean {
//+   return waiting > 0;
//+ }
//+
export async function request<Body>(path: string): Promise<Body> {
  //+ waiting += 1;
  const response = await fetch(`${BASE}/api/${path}`);
  if (response.status >= 500) {
    throw new ApiError(path, response.status);
  }
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!type.includes('json')) {
    throw new Error(`expected JSON from ${path}, got ${type}`);
  }
  const text = await response.text();
  const body = JSON.parse(text) as Body;
  return body;
}

export async function reachable(path: string): Promise<boolean> {
  const response = await fetch(`${BASE}/api/hangup/${path}`, { method: 'POST', cache: 'no-store' });
  return response.ok;
}

export async function quickly(path: string): Promise<string> {
  const response = await fetch(`${BASE}/api/slow/${path}`, { signal: AbortSignal.timeout(30) });
  return response.text();
}

export function settings(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
