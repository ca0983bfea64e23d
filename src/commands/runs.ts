import { exitCodes, RunError } from '../diagnostics/errors.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { Journal } from '../journal/journal.ts';
import type { RunRecord } from '../journal/record.ts';
import { hostStates } from '../journal/run-state.ts';
import { forgetText } from '../report/run/forget-text.ts';
import { runsText, runText } from '../report/run/runs-text.ts';
import { count } from '../report/text/host-names.ts';
import { jsonText } from '../report/text/json-text.ts';
import { mustAgree } from './gates/must-agree.ts';
import { warnUnreadable } from './gates/skipped-runs.ts';
import type { Io } from './output/io.ts';
import { limitedHosts } from './play/limited-hosts.ts';

/** `meshbook runs`: the history of this controller. */
export async function runs(
  options: { readonly stateDir: string; readonly json?: boolean },
  io: Io,
): Promise<number> {
  const journal = new Journal(options.stateDir);
  warnUnreadable(journal, io);
  const list = journal.list();
  const json = () => list.map((run) => withStates(run, list));
  io.out(options.json ? `${jsonText(json(), 2)}\n` : runsText(list, io.terminal));
  return exitCodes.done;
}

/** `meshbook runs show RUN`: who, when, what, how each host ended, and the run's current state there. */
export async function showRun(
  id: string,
  options: { readonly stateDir: string; readonly json?: boolean },
  io: Io,
): Promise<number> {
  const journal = new Journal(options.stateDir);
  const [record, list] = [journal.read(id), journal.list()];
  const json = () => jsonText(withStates(record, list), 2);
  io.out(options.json ? `${json()}\n` : runText(record, list, io.terminal));
  return exitCodes.done;
}

/** A record and, as `now`, the run's current state on each host. */
function withStates(run: RunRecord, all: readonly RunRecord[]) {
  return { ...run, now: Object.fromEntries(hostStates(run, all)) };
}

export interface ForgetOptions {
  readonly stateDir: string;
  readonly limit?: string;
  readonly yes?: boolean;
}

/**
 * `meshbook runs forget RUN`: what the run left on hosts is neither offered nor counted any more. Touches no host.
 */
export async function forgetRun(run: string, options: ForgetOptions, io: Io): Promise<number> {
  const journal = new Journal(options.stateDir);
  const record = journal.read(run);
  const { id } = record;
  if (record.undoes !== undefined) {
    throw new RunError('state', `run ${id} is an undo, which leaves nothing behind`, {
      hint: `meshbook runs forget ${record.undoes} forgets the run that it undoes`,
    });
  }
  const chosen = limitedHosts(Object.keys(record.hosts), options.limit);
  const hosts = journal
    .leftToUndo(record, true)
    .map(({ target }) => target.name)
    .filter((host) => chosen.has(host));
  io.out(forgetText(id, hosts, io.terminal));
  if (hosts.length === 0) return exitCodes.done;
  await mustAgree('Forget this run there?', options, io);
  journal.forget(id, hosts);
  io.out(`Run ${escapeControl(id)} is forgotten on ${count(hosts.length, 'host')}.\n`);
  return exitCodes.done;
}
