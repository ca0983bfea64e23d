import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { must } from './command.ts';
import { type LabLayout, labLayout, labsFolder, maxLabs } from './layout.ts';

/** A number of this machine that is taken, and the state folder whose lab has it. */
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
 * Takes the first number that is free and whose addresses this machine doesn't use. A claim appears whole,
 * owner and all, because a folder can't be renamed onto one with something in it: so two processes never
 * get one number, and what a killed one has made can be found.
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

/** Gives a number back, and removes the hosts' disks. Nobody ever sees a claim that is half gone. */
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
