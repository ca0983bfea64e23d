import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { sortDiagnostics } from '../diagnostics/sort.ts';
import { githubAnnotations } from '../report/diagnostics/github.ts';
import { diagnosticToJson } from '../report/diagnostics/json.ts';
import { count } from '../report/text/host-names.ts';
import { jsonText } from '../report/text/json-text.ts';
import type { Io } from './output/io.ts';
import { showDiagnostics } from './output/show-error.ts';
import { type LoadedPlay, loadPlay } from './play/load-play.ts';
import type { PlayOptions } from './play/options.ts';

export interface ValidateOptions extends PlayOptions {
  readonly format: 'text' | 'json' | 'github';
}

/** `meshbook validate`: everything that can be checked without hosts. */
export async function validate(playbook: string, options: ValidateOptions, io: Io): Promise<number> {
  const { play, diagnostics } = await load(playbook, options);
  const isValid = play !== undefined && !hasErrors(diagnostics);
  if (options.format === 'json') {
    const found = sortDiagnostics(diagnostics).map(diagnosticToJson);
    io.out(`${jsonText({ format_version: 1, valid: isValid, diagnostics: found }, 2)}\n`);
  } else {
    // Also for GitHub, so that its log has the code frames.
    showDiagnostics(diagnostics, io);
    if (options.format === 'github')
      io.annotate(githubAnnotations(diagnostics, process.env.GITHUB_WORKSPACE || process.cwd()));
    if (isValid) io.out(`${verdict(play)}\n`);
  }
  return isValid ? exitCodes.done : exitCodes.invalid;
}

async function load(
  playbook: string,
  options: PlayOptions,
): Promise<{ play?: LoadedPlay; diagnostics: readonly Diagnostic[] }> {
  try {
    const play = await loadPlay(playbook, options);
    return { play, diagnostics: play.diagnostics };
  } catch (error) {
    if (error instanceof InvalidInput) return { diagnostics: error.diagnostics };
    throw error;
  }
}

function verdict(play: LoadedPlay): string {
  const resolution = play.resolve().value;
  const hosts = count(resolution?.play.hosts.length ?? 0, 'host');
  const steps = count(play.playbook.steps.length, 'step');
  const late = resolution?.play.needsFacts ? '; steps that depend on facts are checked by plan' : '';
  return `${escapeControl(play.playbook.name)}: valid: ${steps}, ${hosts}${late}`;
}
