/** One specimen against one check: did it keep the promise, and what did that cost? */
import type { Check } from './check/check.ts';
import { type Specimen, sizeOf } from './specimen.ts';

export interface Trial {
  /** What went wrong; absent when nothing did. */
  readonly complaint?: string;
  /** Processor time of this thread, so that other work on the machine does not count. */
  readonly ms: number;
  readonly kilobytes: number;
}

/** No input that a fuzzer makes is worth more. */
const HANG_MS = 1000;

export function tried(check: Check, specimen: Specimen): Trial {
  const started = spentMs();
  const complaint = complaintOf(check, specimen);
  const ms = spentMs() - started;
  const kilobytes = sizeOf(specimen) / 1024;
  if (complaint !== undefined) return { complaint, ms, kilobytes };
  if (ms <= HANG_MS) return { ms, kilobytes };
  const complaintOfTime = `time: more than ${HANG_MS} ms for ${Math.ceil(kilobytes)} KB`;
  return { complaint: complaintOfTime, ms, kilobytes };
}

function complaintOf(check: Check, specimen: Specimen): string | undefined {
  try {
    return check.complaint(specimen);
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const place = stack?.split('\n').find((line) => line.includes('    at ')) ?? '';
    return `${name} thrown: ${message} ${place.trim()}`;
  }
}

function spentMs(): number {
  // Newer Nodes tell it per thread.
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
}
