import { exitCodes } from '../diagnostics/errors.ts';
import { Journal } from '../journal/journal.ts';
import { jsonText } from '../report/json-text.ts';
import { runsText, runText } from '../report/runs-text.ts';
import type { Io } from './io.ts';

/** `meshbook runs`: the history of this controller. */
export async function runs(
  options: { readonly stateDir: string; readonly json?: boolean },
  io: Io,
): Promise<number> {
  const list = new Journal(options.stateDir).list();
  io.out(options.json ? `${jsonText(list, 2)}\n` : runsText(list, io.terminal));
  return exitCodes.done;
}

/** `meshbook runs show RUN`: who, when, what, and how each host ended. */
export async function showRun(
  id: string,
  options: { readonly stateDir: string; readonly json?: boolean },
  io: Io,
): Promise<number> {
  const record = new Journal(options.stateDir).read(id);
  io.out(options.json ? `${jsonText(record, 2)}\n` : runText(record, io.terminal));
  return exitCodes.done;
}
