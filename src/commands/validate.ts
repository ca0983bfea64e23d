import { hasErrors } from '../diagnostics/diagnostic.ts';
import { exitCodes } from '../diagnostics/errors.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { count } from '../report/host-names.ts';
import type { Io } from './io.ts';
import { loadPlay } from './load-play.ts';
import type { PlayOptions } from './options.ts';
import { showDiagnostics } from './show-error.ts';

/** `meshbook validate`: everything that can be known without hosts. */
export async function validate(playbook: string, options: PlayOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options);
  showDiagnostics(play.diagnostics, io);
  if (hasErrors(play.diagnostics)) return exitCodes.invalid;
  const resolution = play.resolve().value;
  const hosts = count(resolution?.play.hosts.length ?? 0, 'host');
  const steps = count(play.playbook.steps.length, 'step');
  const late = resolution?.play.needsFacts ? '; steps that depend on facts are checked by plan' : '';
  io.out(`${escapeControl(play.playbook.name)}: valid: ${steps}, ${hosts}${late}\n`);
  return exitCodes.done;
}
