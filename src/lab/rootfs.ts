import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RunError } from '../diagnostics/errors.ts';
import { environment, run } from './command.ts';
import { labsFolder } from './layout.ts';
import { rootfsScript } from './rootfs-script.ts';

const cacheFolder = '/var/cache/meshbook/lab';
const defaultMirror = 'http://deb.debian.org/debian';

/**
 * Builds under a temporary name, and renames only what is complete. Of two simultaneous `lab up` only one builds: the
 * other waits for the lock, which the kernel drops when its holder dies.
 */
const lockedBuild = `set -eu
rootfs=$1 mirror=$2 recipe=$3
shift 3
exec 9>"$rootfs.lock"
flock 9
[ -d "$rootfs" ] && exit 0
rm -rf --one-file-system "$rootfs.building" "$rootfs.building.log"
sh -c "$recipe" recipe "$rootfs.building" "$mirror" "$@"
mv "$rootfs.building" "$rootfs"
rm -f "$rootfs.building.log"
`;

/** The root file system of all hosts; built on first use (about half a minute), then cached on this machine. */
export async function buildRootfs(onProgress: (line: string) => void): Promise<string> {
  const recipe = createHash('sha256').update(rootfsScript).digest('hex').slice(0, 12);
  const rootfs = join(cacheFolder, recipe);
  if (await buildOnce(rootfs, rootfsScript, [], onProgress)) await dropOldRootfs(recipe);
  return rootfs;
}

/**
 * Builds a file system at a path with a script, unless it exists. The script's arguments are the folder to make, the
 * Debian mirror and those given. Returns whether it was built.
 */
export async function buildOnce(
  rootfs: string,
  script: string,
  args: readonly string[],
  onProgress: (line: string) => void,
): Promise<boolean> {
  if (existsSync(rootfs)) return false;
  mkdirSync(cacheFolder, { recursive: true });
  onProgress('Building the root file system (once on this machine)');
  const mirror = await debianMirror();
  const child = spawn('sh', ['-c', lockedBuild, 'build', rootfs, mirror, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  createInterface({ input: child.stdout }).on('line', (line) => onProgress(`  ${line}`));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code === 0) return true;
  const log = `${rootfs}.building.log`;
  const tail = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
  throw new RunError('command-failed', `the lab's root file system could not be built\n${tail}`, {
    hint: `the whole log is in ${log}`,
  });
}

/** The mirror that this machine uses, so a nearby mirror or proxy is used; otherwise Debian's own. */
async function debianMirror(): Promise<string> {
  const { stdout } = await run(['apt-get', 'indextargets', '--format', '$(CODENAME) $(ORIGIN) $(SITE)']);
  const line = stdout.split('\n').find((l) => l.startsWith('bookworm Debian http'));
  return line?.split(' ')[2] ?? defaultMirror;
}

/** Removes root file systems of earlier recipes once no lab can be running on them. */
async function dropOldRootfs(current: string): Promise<void> {
  if (existsSync(labsFolder) && readdirSync(labsFolder).length > 0) return;
  const old = readdirSync(cacheFolder).filter((name) => !name.startsWith(current));
  for (const name of old) await run(['rm', '-rf', '--one-file-system', join(cacheFolder, name)]);
}
