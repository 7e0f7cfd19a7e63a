/** The browsers of the corpus: one of each engine, without a screen, with the page server as their proxy. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, PageServer, Seen } from './page-server.ts';

export type Engine = 'chromium' | 'firefox' | 'webkit';

interface Browser {
  /** Name and version, for people. */
  readonly name: string;
  readonly command: (profile: string, proxy: string, url: string) => readonly string[];
}

const SILENT_MS = 15_000;
const TOOLS: Readonly<Record<Engine, { needs: readonly string[]; install: string }>> = {
  chromium: { needs: ['/usr/bin/chromium'], install: 'chromium' },
  firefox: { needs: ['/usr/bin/firefox-esr'], install: 'firefox-esr' },
  webkit: {
    needs: ['/usr/lib/*/webkit2gtk-4.1/MiniBrowser', '/usr/bin/xvfb-run'],
    install: 'libwebkit2gtk-4.1-0 xvfb xauth',
  },
};

/** Throws one error that names every package to install. */
export function findBrowsers(): Readonly<Record<Engine, Browser>> {
  const missing = Object.values(TOOLS).filter((tool) => tool.needs.some((path) => found(path) === undefined));
  if (missing.length > 0) {
    const packages = missing.map((tool) => tool.install).join(' ');
    throw new Error(`the collection web needs more browsers: apt-get install -y ${packages}`);
  }
  return { chromium: chromium(), firefox: firefox(), webkit: webkit() };
}

/** Visits all pages in one browser, in order; a browser that falls silent is started anew behind the page that did it. */
export async function tour(
  server: PageServer,
  browser: Browser,
  profiles: string,
  pages: readonly Page[],
): Promise<readonly Seen[]> {
  const { first, seen, ended } = server.begin(pages);
  let over = false;
  const end = ended.then(() => {
    over = true;
  });
  let url: string | undefined = first;
  for (let run = 0; !over && url !== undefined; run += 1) {
    const profile = join(profiles, String(run));
    mkdirSync(profile, { recursive: true });
    const child = launched(browser.command(profile, new URL(server.url).host, url), profile);
    await Promise.race([end, silence(seen)]);
    await killed(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    url = over ? undefined : server.goOn();
  }
  return seen;
}

function chromium(): Browser {
  const flags = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks',
    '--proxy-bypass-list=<-loopback>',
  ];
  return {
    name: `Chromium ${versionOf('/usr/bin/chromium')}`,
    command: (profile, proxy, url) => [
      '/usr/bin/chromium',
      ...flags,
      `--user-data-dir=${profile}`,
      `--proxy-server=${proxy}`,
      url,
    ],
  };
}

function firefox(): Browser {
  return {
    name: `Firefox ${versionOf('/usr/bin/firefox-esr')}`,
    command: (profile, proxy, url) => {
      writeFileSync(join(profile, 'user.js'), preferences(proxy));
      return ['/usr/bin/firefox-esr', '--headless', '--no-remote', '--profile', profile, url];
    },
  };
}

function preferences(proxy: string): string {
  const [host, port] = proxy.split(':');
  const values = {
    'network.proxy.type': 1,
    'network.proxy.http': host,
    'network.proxy.http_port': Number(port),
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
    'dom.security.https_first': false,
    'browser.aboutwelcome.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.enabled': false,
    'app.normandy.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
  };
  const lines = Object.entries(values).map(
    ([key, value]) => `user_pref("${key}", ${JSON.stringify(value)});\n`,
  );
  return lines.join('');
}

function webkit(): Browser {
  const program = found('/usr/lib/*/webkit2gtk-4.1/MiniBrowser') ?? '';
  return {
    name: `WebKitGTK ${webkitVersion()}`,
    command: (_profile, proxy, url) => [
      ...[
        'xvfb-run',
        '-a',
        program,
        '--private',
        `--proxy=http://${proxy}`,
        '--ignore-host=none.example',
        url,
      ],
    ],
  };
}

function webkitVersion(): string {
  const [library] = globSync('/usr/lib/*/libwebkit2gtk-4.1.so.0.*');
  const text = execFileSync('dpkg-query', ['-W', '-f', '$' + '{Version}', 'libwebkit2gtk-4.1-0']).toString();
  return /^[\d.]+/.exec(text)?.[0] ?? library ?? '';
}

function versionOf(program: string): string {
  const printed = execFileSync(program, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  return /\d+(\.\d+)+/.exec(printed)?.[0] ?? '';
}

function found(pattern: string): string | undefined {
  return pattern.includes('*') ? globSync(pattern)[0] : existsSync(pattern) ? pattern : undefined;
}

/** In a process group of its own, so that everything it starts ends with it. */
function launched(command: readonly string[], home: string): ChildProcess {
  const [program = '', ...args] = command;
  return spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: home, LANG: 'C.UTF-8' },
  });
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.pid !== undefined && child.exitCode === null) {
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }
}

/** Settles when no page reported for a while. */
function silence(seen: readonly Seen[]): Promise<void> {
  return new Promise((resolve) => {
    let before = -1;
    const timer = setInterval(() => {
      const now = seen.filter((one) => one !== undefined).length;
      if (now !== before && now < seen.length) {
        before = now;
        return;
      }
      clearInterval(timer);
      resolve();
    }, SILENT_MS);
  });
}
