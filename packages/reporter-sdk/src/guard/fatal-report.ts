import { fs } from '../builtin.ts';

/** Where V8 leaves its reports, in a spool. Node makes them readable by all: the folder is what protects them. */
export function fatalReportsFolder(spoolFolder: string): string {
  return `${spoolFolder}/reports`;
}

/**
 * Lets Node write a diagnostic report at a fatal error of V8, such as a heap out of memory: nothing else can tell where
 * it happened. Node says so in two lines on stderr. A host that has settings of its own for reports keeps them.
 */
export function armFatalReport(spoolFolder: string): void {
  const report = process.report as (NonNullable<typeof process.report> & Switches) | undefined;
  if (!report || hasOwnSettings(report)) return;
  const folder = fatalReportsFolder(spoolFolder);
  if (!fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o700 });
  report.directory = folder;
  report.compact = true;
  report.excludeNetwork = true;
  // Not known to every Node that we run on.
  if (report.excludeEnv !== undefined) report.excludeEnv = true;
  report.reportOnFatalError = true;
}

interface Switches {
  excludeNetwork: boolean;
  excludeEnv?: boolean;
}

function hasOwnSettings(report: NonNullable<typeof process.report>): boolean {
  return (
    report.reportOnFatalError ||
    report.reportOnSignal ||
    report.reportOnUncaughtException ||
    Boolean(report.directory) ||
    Boolean(report.filename)
  );
}
