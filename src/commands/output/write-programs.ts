import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../../diagnostics/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { targetInFolder } from '../../files/project.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { PlanReport } from '../../report/plan/plan-report.ts';
import { hostPrograms } from '../../report/plan/plan-shell.ts';

/**
 * Writes what each host would run into a file `HOST.sh`, in a folder that is made if necessary. The files are for
 * reading, so they are not executable: run by hand, they would change a host without an undo.
 * @returns the number of files.
 * @throws RunError if the folder has programs of hosts that this plan doesn't have, or can't be written.
 */
export function writePrograms(report: PlanReport, folder: string): number {
  const programs = new Map([...hostPrograms(report)].map(([host, text]) => [`${host}.sh`, text]));
  try {
    makeFolder(folder, 0o700);
    const strange = readdirSync(folder).find((name) => name.endsWith('.sh') && !programs.has(name));
    if (strange !== undefined) {
      const hint = 'name an empty folder, so that it holds this plan and nothing else';
      throw new RunError('state', `${join(folder, strange)} isn't of a host of this plan`, { hint });
    }
    for (const [name, text] of programs) writeWhole(targetInFolder(join(folder, name)), [text], 0o600);
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    throw new RunError('state', `can't write into ${folder}: ${(cause as Error).message}`, { cause });
  }
  return programs.size;
}
