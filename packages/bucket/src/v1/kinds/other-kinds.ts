/** Locations of failures that are not thrown values. */
import type { ExitFailure, FatalFailure, NativeFailure, SignalFailure } from '../../failure.ts';
import { isObject, stringOf } from '../../total.ts';
import type { Notes } from '../notes.ts';
import { leaveOut, ruleFired } from '../notes.ts';
import type { Verdict } from '../verdict.ts';

/** Symbols through which every fatal error passes; they say that it died, not why. */
const FATAL_PLUMBING =
  /^(?:$|node::(?:report|OOMErrorHandler|OnFatalError|Abort|Assert|DumpBacktrace|TriggerNodeReport)|v8::(?:Utils::Report|internal::V8::Fatal)|V8_Fatal|abort|raise|gsignal|__|_start|uv_)/;
const MAX_SYMBOLS = 64;

export function locateSignal({ signal }: SignalFailure, notes: Notes): Verdict {
  ruleFired(notes, 'signal');
  return inProgram(`signal:${wordOf(signal)}`);
}

export function locateExit({ exitCode }: ExitFailure, notes: Notes): Verdict {
  ruleFired(notes, 'exit');
  return inProgram(`exit:${wordOf(exitCode)}`);
}

export function locateFatal({ trigger, nativeStack }: FatalFailure, notes: Notes): Verdict {
  const symbols = Array.isArray(nativeStack) ? nativeStack.slice(0, MAX_SYMBOLS).map(symbolOf) : [];
  for (const symbol of symbols) {
    if (!FATAL_PLUMBING.test(symbol)) {
      ruleFired(notes, 'fatal-symbol');
      return inProgram(`fatal:${wordOf(trigger)}@${symbol}`);
    }
    leaveOut(notes, symbol || '(no symbol)', 'plumbing');
  }
  ruleFired(notes, 'fatal-trigger');
  return inProgram(`fatal:${wordOf(trigger)}`);
}

export function locateNative(failure: NativeFailure, notes: Notes): Verdict {
  ruleFired(notes, 'native');
  const module =
    String(failure.module ?? '')
      .split(/[/\\]/)
      .at(-1) || 'unknown';
  const offset = Number.isFinite(failure.offset) ? Math.max(0, Math.trunc(failure.offset)) : 0;
  return {
    module,
    version: String(failure.moduleVersion ?? ''),
    location: `${module}+0x${offset.toString(16)}`,
  };
}

function inProgram(location: string): Verdict {
  return { module: '', version: '', location };
}

/** `0x10a2b node::Foo::Bar(int, v8::Local<X>) [/usr/bin/node]` → `node::Foo::Bar`. */
function symbolOf(line: unknown): string {
  const bare = stringOf(isObject(line) && 'symbol' in line ? line.symbol : line)
    .slice(0, 1024)
    .replace(/^\s*(?:\d+:\s*)?(?:0x[\da-f]+\s+)?|[(<[].*/gis, '');
  return bare.trim().split(' ').at(-1) ?? '';
}

function wordOf(value: unknown): string {
  return String(value ?? '').slice(0, 64) || 'unknown';
}
