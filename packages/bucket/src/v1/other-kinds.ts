/** Locations of failures that are not thrown values. */
import type { ExitFailure, FatalFailure, NativeFailure, SignalFailure } from '../failure.ts';
import type { Notes, Verdict } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

const OWN = { module: '', moduleVersion: '' };

/** Symbols through which every fatal error passes; they say that it died, not why. */
const FATAL_PLUMBING =
  /^(?:node::(?:report|OOMErrorHandler|OnFatalError|Abort|Assert|DumpBacktrace|TriggerNodeReport)|v8::(?:Utils::Report|internal::V8::Fatal)|V8_Fatal|abort|raise|gsignal|__|_start|uv_)/;
const PARAMETERS = /[(<[].*$/s;

export function locateSignal(failure: SignalFailure, notes: Notes): Verdict {
  ruleFired(notes, 'signal', 'nothing but the signal is known');
  return { ...OWN, location: `signal:${wordOf(failure.signal)}` };
}

export function locateExit(failure: ExitFailure, notes: Notes): Verdict {
  ruleFired(notes, 'exit', 'nothing but the exit code is known');
  return { ...OWN, location: `exit:${wordOf(failure.exitCode)}` };
}

export function locateFatal(failure: FatalFailure, notes: Notes): Verdict {
  const trigger = wordOf(failure.trigger);
  const symbols = Array.isArray(failure.nativeStack) ? failure.nativeStack.slice(0, 64).map(symbolOf) : [];
  const meaningful = symbols.find((symbol) => symbol !== '' && !FATAL_PLUMBING.test(symbol));
  const passed = symbols.slice(0, meaningful === undefined ? undefined : symbols.indexOf(meaningful));
  for (const symbol of passed) leaveOut(notes, symbol || '(no symbol)', 'every fatal error passes here');
  if (meaningful === undefined)
    ruleFired(notes, 'fatal-trigger', 'no native symbol says more than the trigger');
  else ruleFired(notes, 'fatal-symbol', 'trigger and first meaningful native symbol');
  return { ...OWN, location: `fatal:${trigger}${meaningful === undefined ? '' : `@${meaningful}`}` };
}

export function locateNative(failure: NativeFailure, notes: Notes): Verdict {
  ruleFired(notes, 'native', 'module and offset of the faulting instruction');
  const path = String(failure.module ?? '');
  const module = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) || 'unknown';
  const offset = Number.isFinite(failure.offset) ? Math.max(0, Math.trunc(failure.offset)) : 0;
  return {
    module,
    moduleVersion: String(failure.moduleVersion ?? ''),
    location: `${module}+0x${offset.toString(16)}`,
  };
}

/** `0x10a2b node::Foo::Bar(int, v8::Local<X>) [/usr/bin/node]` → `node::Foo::Bar`. */
function symbolOf(line: unknown): string {
  if (typeof line !== 'string') return '';
  const bare = line
    .slice(0, 1024)
    .replace(/^\s*(?:\d+:\s*)?(?:0x[0-9a-f]+\s+)?/i, '')
    .replace(PARAMETERS, '');
  return bare.trim().split(' ').at(-1) ?? '';
}

function wordOf(value: unknown): string {
  return String(value ?? 'unknown').slice(0, 64) || 'unknown';
}
