import { printable } from './printable.ts';

/**
 * What `show` prints for people: the facts as indented JSON, and below them the parts of an entry as text, so that a
 * stack reads as a stack. Every line is made safe for a terminal.
 */
export function printShown(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('content' in value)) return indented(value);
  const { content, ...facts } = value;
  const parts = Object.entries((content ?? {}) as Readonly<Record<string, unknown>>);
  return [
    indented(facts),
    ...parts.map(([type, text]) => `\n── ${printable(type)} ──\n${partText(String(text))}`),
  ].join('\n');
}

function indented(value: unknown): string {
  return safeLines(JSON.stringify(value, undefined, 2) ?? 'null');
}

function partText(text: string): string {
  const stack = stackIn(text);
  return safeLines(stack ?? text);
}

/** The stack trace inside a part of type `stack`, causes after it, with what else the part says. */
function stackIn(text: string): string | undefined {
  try {
    const facts: unknown = JSON.parse(text);
    const error = member(facts, 'error');
    const stack = member(error, 'stack');
    if (typeof stack !== 'string') return undefined;
    const rest = JSON.stringify({ ...(facts as object), error: { ...(error as object), stack: undefined } });
    return `${stack}\n${rest}`;
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function safeLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
