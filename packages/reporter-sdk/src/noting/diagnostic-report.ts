const CAP = 256 * 1024;

/** Sections left out, the least useful first, until the report fits. */
const EXPENDABLE = ['sharedObjects', 'libuv', 'workers', 'userLimits', 'nativeStack'];

interface ReportSwitches {
  excludeNetwork: boolean;
  excludeEnv?: boolean;
}

/**
 * Node's diagnostic report about this process, as JSON of at most 256 KB, without environment variables, network
 * interfaces and end points, and without the command line. Nothing where it cannot be had.
 */
export function diagnosticReport(error: unknown): string | undefined {
  const { report } = process;
  if (!report) return undefined;
  const document = withoutNetwork(() =>
    error instanceof Error ? report.getReport(error) : report.getReport(),
  );
  return reducedReport((typeof document === 'string' ? JSON.parse(document) : document) as Sections);
}

type Sections = Record<string, unknown>;

/** A report without what says who and where it was, cut to 256 KB; nothing where it cannot be. Changes what it is given. */
export function reducedReport(sections: Sections): string | undefined {
  delete sections['environmentVariables'];
  sections['header'] = without(sections['header'], ['commandLine', 'networkInterfaces', 'host', 'cwd']);
  sections['libuv'] = handlesOf(sections['libuv']);
  for (const section of ['', ...EXPENDABLE]) {
    delete sections[section];
    const text = JSON.stringify(sections);
    if (text.length <= CAP && Buffer.byteLength(text) <= CAP) return text;
  }
  return undefined;
}

/** With network left in, Node asks DNS for the names of all peers. The host's own settings are put back. */
function withoutNetwork<T>(make: () => T): T {
  const switches = process.report as unknown as ReportSwitches;
  const { excludeNetwork, excludeEnv } = switches;
  try {
    switches.excludeNetwork = true;
    if (excludeEnv !== undefined) switches.excludeEnv = true;
    return make();
  } finally {
    switches.excludeNetwork = excludeNetwork;
    if (excludeEnv !== undefined) switches.excludeEnv = excludeEnv;
  }
}

function handlesOf(handles: unknown): unknown {
  if (!Array.isArray(handles)) return [];
  return handles.map((handle) => without(handle, ['localEndpoint', 'remoteEndpoint']));
}

function without(section: unknown, members: readonly string[]): unknown {
  if (typeof section !== 'object' || section === null) return section;
  return Object.fromEntries(Object.entries(section).filter(([name]) => !members.includes(name)));
}
