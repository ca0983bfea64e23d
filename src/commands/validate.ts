import { hasErrors } from '../diagnostics/diagnostic.ts';
import { exitCodes } from '../diagnostics/errors.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { Io } from './io.ts';
import { loadPlay } from './load-play.ts';
import type { PlayOptions } from './options.ts';

/** `meshbook validate`: everything that can be known without hosts. */
export async function validate(playbook: string, options: PlayOptions, io: Io): Promise<number> {
  const play = await loadPlay(playbook, options, io);
  io.err(renderDiagnostics(play.diagnostics, { color: io.errTerminal.color }));
  if (hasErrors(play.diagnostics)) return exitCodes.invalid;
  const resolution = play.resolve().value;
  const hosts = resolution?.play.hosts.length ?? 0;
  const steps = play.playbook.steps.length;
  const late = resolution?.play.needsFacts ? '; steps that depend on facts are checked by plan' : '';
  io.out(`${play.playbook.name}: valid: ${steps} steps, ${hosts} hosts${late}\n`);
  return exitCodes.done;
}
