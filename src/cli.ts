import { Command, CommanderError } from 'commander';
import { addCommand } from './cli-command.ts';
import { withOptionHint } from './cli-elsewhere.ts';
import type { Io } from './commands/output/io.ts';
import { version } from './commands/output/version.ts';
import type { FileOptions, VaultOptions } from './commands/play/options.ts';
import { environmentHelp, exitCodeHelp } from './commands/specs/help.ts';
import { commands } from './commands/specs/registry.ts';
import { processIo } from './console.ts';
import { exitCodes } from './diagnostics/errors.ts';
import { escapeLines } from './diagnostics/escape.ts';
import { proseColumns } from './report/text/terminal.ts';

/** Runs the command line and returns the exit code. Nothing else in meshbook reads argv or ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.done;
  const program = buildProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.invalid;
    const { showError } = await import('./commands/output/show-error.ts');
    return showError(error, io);
  }
}

function buildProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('meshbook')
    .description('Wires Docker hosts together over SSH: exact plans, parallel runs, and undo.')
    .version(version)
    .enablePositionalOptions()
    .hook('preAction', async (_, action) => {
      const options: VaultOptions & FileOptions = action.opts();
      (await import('./files/project.ts')).allowFolders(options.allowFiles ?? []);
      await (await import('./commands/play/vault-sources.ts')).openVaults(options, io);
    })
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => proseColumns(io.terminal.width),
      getErrHelpWidth: () => proseColumns(io.errTerminal.width),
      // Commander repeats the arguments, which may contain anything.
      outputError: (text, write) => write(escapeLines(withOptionHint(text).replace(/^error:/, 'meshbook:'))),
    })
    .showHelpAfterError('(meshbook --help lists the commands)')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`);
  for (const spec of commands) addCommand(program, spec, io, done);
  return program;
}

process.exitCode = await main(process.argv.slice(2), processIo());
// After a bug, something may still be pending.
if (process.exitCode === exitCodes.internal) process.exit();
