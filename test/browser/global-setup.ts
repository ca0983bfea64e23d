import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The browser that the tests drive; empty if there is none. */
    chromium: string;
  }
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Finds a Chromium; as root on Debian its package is installed if there is none. Elsewhere the tests are skipped. */
export default function setup(project: TestProject): void {
  if (found() === undefined && canInstall()) install();
  if (found() === undefined) console.warn('The browser tests are skipped: they need Chromium in /usr/bin.');
  project.provide('chromium', found() ?? '');
}

function found(): string | undefined {
  return places.find((place) => existsSync(place));
}

function canInstall(): boolean {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return (
    isRoot && existsSync('/usr/bin/apt-get') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

function install(): void {
  console.log('Installing chromium');
  const apt = (...words: string[]) =>
    execFileSync('apt-get', ['-q', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const installIt = ['-y', '--no-install-recommends', 'install', 'chromium', 'fonts-dejavu-core'];
  try {
    apt(...installIt);
  } catch {
    // Old package lists name files that the mirror no longer has. A broken source of another vendor must not stop us.
    try {
      apt('update');
    } catch {}
    apt(...installIt);
  }
}
