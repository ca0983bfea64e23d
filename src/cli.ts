import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ApplyOptions } from './commands/apply.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { PlayOptions } from './commands/options.ts';
import type { UndoOptions } from './commands/undo.ts';
import type { Io } from './commands/io.ts';
import { processIo } from './console.ts';
import { exitCodes } from './diagnostics/errors.ts';
import { version } from './version.ts';

const exitCodeHelp = `
Exit codes:
  0    done, or nothing to do
  1    wrong usage or invalid input
  2    there are changes (only with --detailed-exitcode)
  3    a host is unreachable
  4    a host failed, and was undone unless on_failure says otherwise
  5    a host is in doubt: it can't be asked, or its undo failed
  70   a bug of meshbook's
  130  interrupted
The worst wins: 5 over 4 over 3.

Environment: MESHBOOK_INVENTORY, MESHBOOK_STATE_DIR, NO_COLOR, FORCE_COLOR.`;

/** Runs the command line and answers with the exit code. Nothing else in meshbook reads argv or ends the process. */
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
    const { showError } = await import('./commands/show-error.ts');
    return showError(error, io);
  }
}

function buildProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('meshbook')
    .description('Wires Docker hosts together over SSH: exact plans, parallel runs, and undo.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(meshbook --help tells what there is)')
    .addHelpText('after', exitCodeHelp);
  const command = (name: string) => program.command(name).copyInheritedSettings(program);

  playOptions(command('validate <playbook>'))
    .summary('check an inventory and a playbook without connecting to anything')
    .action(async (playbook: string, options: PlayOptions) => {
      done(await (await import('./commands/validate.ts')).validate(playbook, options, io));
    });

  connectOptions(playOptions(command('plan <playbook>')))
    .summary('show what apply would do; writes nothing on any host')
    .addOption(new Option('--format <format>', 'how to show it').choices(['text', 'json', 'sh']).default('text'))
    .option('--diff', 'show the lines that change in files')
    .option('--detailed-exitcode', 'exit with 2 when there is something to change')
    .action(async (playbook: string, options: PlanOptions) => {
      done(await (await import('./commands/plan.ts')).plan(playbook, options, io));
    });

  connectOptions(playOptions(command('apply <playbook>')))
    .summary('show the plan, ask, carry it out on all hosts and verify it')
    .option('-y, --yes', "don't ask")
    .option('--skip-unreachable', 'go on without hosts that can’t be reached')
    .addOption(
      new Option('--on-failure <what>', "what becomes of the run when a host fails (default: the playbook's on_failure)")
        .choices(['undo_all', 'undo_host', 'keep']),
    )
    .option('--locked', 'refuse new leases: every address must be in the leases file already')
    .option('--diff', 'show the lines that change in files')
    .option('--json', 'print run events as JSON lines')
    .action(async (playbook: string, options: ApplyOptions) => {
      done(await (await import('./commands/apply.ts')).apply(playbook, options, io));
    });

  connectOptions(stateOption(command('undo [run]')))
    .summary('take a run back on its hosts')
    .option('--last', 'the newest run that is not undone yet')
    .option('-y, --yes', "don't ask")
    .option('-l, --limit <pattern>', 'only these hosts')
    .option('--packages', 'remove the packages that the run installed, too')
    .option('--json', 'print run events as JSON lines')
    .action(async (run: string | undefined, options: UndoOptions) => {
      done(await (await import('./commands/undo.ts')).undo(run, options, io));
    });

  const runs = stateOption(command('runs'))
    .summary('list the runs of this controller')
    .option('--json', 'print JSON')
    .action(async (options: { stateDir: string; json?: boolean }) => {
      done(await (await import('./commands/runs.ts')).runs(options, io));
    });
  runs
    .command('show <run>')
    .copyInheritedSettings(program)
    .summary('show one run: who, when, what, and how each host ended')
    .action(async (run: string, _: unknown, self: Command) => {
      done(await (await import('./commands/runs.ts')).showRun(run, self.optsWithGlobals(), io));
    });

  command('kinds [name]')
    .summary('the reference of step kinds')
    .action(async (name: string | undefined) => {
      done(await (await import('./commands/kinds.ts')).kinds(name, io));
    });

  const lab = command('lab').summary('throwaway hosts on this machine, to try playbooks on (Linux, as root)');
  const labCommand = (name: string) => stateOption(lab.command(name).copyInheritedSettings(program));
  labCommand('up')
    .summary('boot hosts and write an inventory and keys for them')
    .option('--hosts <n>', 'how many', positiveInteger, 3)
    .option('--install', 'install the Debian packages that the lab needs', false)
    .action(async (options: { stateDir: string; hosts: number; install: boolean }) => {
      done(await (await import('./commands/lab.ts')).labUpCommand(options, io));
    });
  labCommand('status')
    .summary('which hosts there are, and which run')
    .action(async (options: { stateDir: string }) => {
      done(await (await import('./commands/lab.ts')).labStatusCommand(options, io));
    });
  labCommand('ssh <host> [command...]')
    .summary('a shell on a host, or one command there')
    .passThroughOptions()
    .action(async (host: string, words: string[], options: { stateDir: string }) => {
      done(await (await import('./commands/lab.ts')).labSshCommand(host, words, options));
    });
  labCommand('down')
    .summary('remove the hosts and everything that belongs to them')
    .action(async (options: { stateDir: string }) => {
      done(await (await import('./commands/lab.ts')).labDownCommand(options, io));
    });
  return program;
}

function playOptions(command: Command): Command {
  return stateOption(command)
    .option('-i, --inventory <file>', 'the inventory (default: MESHBOOK_INVENTORY)')
    .option('-l, --limit <pattern>', 'only these of the playbook’s hosts; @FILE reads patterns from a file')
    .option('-e, --extra-vars <vars>', 'key=value, a mapping in YAML or JSON, or @FILE; may be repeated', append, [])
    .option('-t, --tags <tags>', 'only steps with one of these tags', appendList, [])
    .option('--skip-tags <tags>', 'no steps with one of these tags', appendList, []);
}

function connectOptions(command: Command): Command {
  return command
    .option('-f, --forks <n>', 'how many hosts to work on at once', positiveInteger, 50)
    .option('-b, --become', 'use sudo on every host')
    .option('-K, --ask-become-pass', 'ask once for the password that sudo wants')
    .option('--become-password-file <file>', 'read that password from a file')
    .option('--accept-new-host-keys', 'add keys of unknown hosts to known_hosts; changed keys are still refused');
}

function stateOption(command: Command): Command {
  return command.addOption(
    new Option('--state-dir <folder>', 'where runs and the lab are kept').env('MESHBOOK_STATE_DIR').default('.meshbook'),
  );
}

function append(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function appendList(value: string, before: readonly string[]): string[] {
  return [...before, ...value.split(',').filter((tag) => tag !== '')];
}

function positiveInteger(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number, at least 1.');
}

process.exitCode = await main(process.argv.slice(2), processIo());
