import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as it is shipped, built from the current sources. */
export interface BuiltCli {
  /** The working folder. A test that writes files there should make a folder of its own. */
  readonly folder: string;
  readonly bin: string;
  /** Writes files into a new folder, and returns that folder. */
  files(files: Readonly<Record<string, string | Buffer>>): string;
  /** Runs without a terminal. The environment is only PATH, and what is given. */
  run(
    args: readonly string[],
    options?: { cwd?: string; env?: Record<string, string>; input?: string },
  ): CliResult;
  remove(): void;
}

/** Builds into a folder of its own, so test files can run in parallel. */
export function buildCli(): BuiltCli {
  const root = resolve(import.meta.dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'meshbook-cli-'));
  const installed = join(folder, 'meshbook');
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts', join(installed, 'dist')], {
    cwd: root,
  });
  cpSync(join(root, 'bin'), join(installed, 'bin'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  const bin = join(installed, 'bin/meshbook');
  return {
    folder,
    bin,
    files: (files) => {
      const at = mkdtempSync(join(folder, 'case-'));
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(at, name)), { recursive: true });
        writeFileSync(join(at, name), content);
      }
      return at;
    },
    run: (args, { cwd = folder, env = {}, input } = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
        cwd,
        env: { PATH: process.env.PATH, HOME: folder, ...env },
        encoding: 'utf8',
        input: input ?? '',
        timeout: 60_000,
      });
      return { exitCode: status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
