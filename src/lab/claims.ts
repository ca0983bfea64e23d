import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { must } from './command.ts';
import { type LabLayout, labLayout, labsFolder, maxLabs } from './layout.ts';

/** A lab number that is taken on this machine, and the state folder of its lab. */
export interface Claim {
  readonly layout: LabLayout;
  readonly stateDir: string;
}

export function listClaims(): Claim[] {
  mkdirSync(labsFolder, { recursive: true });
  const numbers = readdirSync(labsFolder).filter((name) => /^\d+$/.test(name));
  return numbers.map((number) => {
    const layout = labLayout(Number(number));
    return { layout, stateDir: readFileSync(join(layout.folder, 'owner'), 'utf8') };
  });
}

/**
 * Takes the first free number whose addresses this machine doesn't use. A claim appears at once and complete with its
 * owner, because a folder can't be renamed onto one that isn't empty: two processes never get the same number, and
 * what a killed one has made can be found.
 */
export async function claimLab(stateDir: string): Promise<LabLayout> {
  const routes = await must(['ip', '-4', 'route', 'show', 'table', 'all']);
  mkdirSync(labsFolder, { recursive: true });
  const claim = join(labsFolder, `.${process.pid}`);
  rmSync(claim, { recursive: true, force: true });
  mkdirSync(claim, { mode: 0o700 });
  writeFileSync(join(claim, 'owner'), resolve(stateDir));
  try {
    for (let number = 0; number < maxLabs; number++) {
      const lab = labLayout(number);
      if (routes.includes(`10.97.${number}.`) || routes.includes(`10.98.${number}.`)) continue;
      if (renamed(claim, lab.folder)) return lab;
    }
  } finally {
    rmSync(claim, { recursive: true, force: true });
  }
  throw new RunError('state', `all ${maxLabs} address ranges for labs (10.97.X.0/24) are in use`);
}

/** Frees a number and removes the hosts' disks. No process ever sees half a claim. */
export async function freeClaim({ number, folder }: LabLayout): Promise<void> {
  const gone = join(labsFolder, `.${number}.gone`);
  const remove = ['rm', '-rf', '--one-file-system', gone];
  await must(remove);
  renameSync(folder, gone);
  await must(remove);
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
