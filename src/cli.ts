import { Command, CommanderError, Option } from 'commander';
import { withOptionHint } from './cli-elsewhere.ts';
import {
  allowFilesOption,
  becomeOption,
  connectOptions,
  duration,
  extraVarsOption,
  fullHelp,
  inventoryOption,
  limitOption,
  noGuardsOption,
  notEmpty,
  peerOptions,
  planFormatOptions,
  playOptions,
  positiveInteger,
  pruneOption,
  secretVarsOption,
  stateOption,
  vaultOptions,
  waitOption,
} from './cli-options.ts';
import type { CheckOptions } from './commands/check.ts';
import type { DriftOptions } from './commands/drift.ts';
import type { FactsOptions } from './commands/facts.ts';
import type { FinishOptions } from './commands/finish.ts';
import type { GraphOptions } from './commands/graph.ts';
import type { Io } from './commands/output/io.ts';
import type { PlanFormatOptions } from './commands/output/print-plan.ts';
import { version } from './commands/output/version.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { ApplyOptions, FileOptions, VaultOptions } from './commands/play/options.ts';
import type { StatusOptions } from './commands/status.ts';
import type { UndoOptions } from './commands/undo.ts';
import type { ValidateOptions } from './commands/validate.ts';
import type { EncryptOptions } from './commands/vault.ts';
import { processIo } from './console.ts';
import { exitCodes } from './diagnostics/errors.ts';
import { escapeLines } from './diagnostics/escape.ts';
import { proseColumns } from './report/text/terminal.ts';

const exitCodeHelp = `
Exit codes:
  0    done, or nothing to do
  1    wrong usage, invalid input, or answered no
  2    there are changes (only with --detailed-exitcode), or drift
  3    a host is unreachable
  4    a host failed and was undone, unless on_failure says otherwise;
       or an undo left conflicts alone
  5    a host is in doubt: it doesn't answer, or its undo failed
  70   a bug of meshbook's
  130  interrupted
The worst wins: 5 over 4 over 3.`;

const environmentHelp = `
Environment: MESHBOOK_INVENTORY, MESHBOOK_STATE_DIR, MESHBOOK_ALLOW_FILES,
MESHBOOK_KNOWN_HOSTS, ANSIBLE_VAULT_PASSWORD_FILE, NO_COLOR,
FORCE_COLOR.`;

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
  const command = (usage: string, parent = program) => {
    const made = parent.command(usage).copyInheritedSettings(program);
    const name = parent === program ? made.name() : `${parent.name()} ${made.name()}`;
    return made.showHelpAfterError(`(meshbook ${name} --help shows its usage)`);
  };

  playOptions(command('validate <playbook>'))
    .description('check an inventory and a playbook, without any connection')
    .addOption(
      new Option('--format <format>', 'github: annotations for GitHub Actions')
        .choices(['text', 'json', 'github'])
        .default('text'),
    )
    .action(async (playbook: string, options: ValidateOptions) => {
      done(await (await import('./commands/validate.ts')).validate(playbook, options, io));
    });

  playOptions(command('graph <playbook>'))
    .description('draw the hosts and the tunnels between them, without any connection')
    .addOption(
      new Option('--format <format>', 'how to draw it')
        .choices(['svg', 'dot', 'mermaid', 'html'])
        .default('svg'),
    )
    .option('-o, --output <file>', 'write to this file (default: stdout)', notEmpty)
    .action(async (playbook: string, options: GraphOptions) => {
      done(await (await import('./commands/graph.ts')).graph(playbook, options, io));
    });

  peerOptions(planFormatOptions(connectOptions(becomeOption(playOptions(command('plan <playbook>'))))))
    .description('show what apply would do; writes nothing on any host')
    .addOption(pruneOption())
    .addOption(noGuardsOption())
    .option('--locked', 'refuse new leases: every address must be in the leases file already')
    .addOption(
      new Option(
        '--facts <folder>',
        'make no connection, and plan from facts that meshbook facts has saved',
      ).argParser(notEmpty),
    )
    .option('--offline', 'make no connection; without --facts, all facts are unknown')
    .addOption(
      new Option('-o, --output <file>', 'save the plan, for meshbook show and meshbook apply').argParser(
        notEmpty,
      ),
    )
    .addHelpText('after', exitCodeHelp)
    .action(async (playbook: string, options: PlanOptions) => {
      done(await (await import('./commands/plan.ts')).plan(playbook, options, io));
    });

  planFormatOptions(command('show <plan>'))
    .description('show a saved plan; connects to nothing')
    .addHelpText('after', exitCodeHelp)
    .action(async (file: string, options: PlanFormatOptions) => {
      done(await (await import('./commands/show.ts')).show(file, options, io));
    });

  vaultOptions(connectOptions(becomeOption(command('facts [playbook...]'))))
    .description('save facts of the hosts, for plans without a connection; writes nothing on any host')
    .addOption(inventoryOption())
    .addOption(limitOption())
    .addOption(extraVarsOption())
    .addOption(secretVarsOption())
    .addOption(allowFilesOption())
    .addOption(noGuardsOption())
    .addOption(
      new Option('-o, --output <folder>', 'the folder for one file per host')
        .argParser(notEmpty)
        .makeOptionMandatory(),
    )
    .action(async (playbooks: string[], options: FactsOptions) => {
      done(await (await import('./commands/facts.ts')).facts(playbooks, options, io));
    });

  waitOption(peerOptions(connectOptions(becomeOption(playOptions(command('apply <playbook>'))))))
    .description(
      'show the plan, ask, carry it out on all hosts and verify it; a saved plan is carried out as it was reviewed, unasked',
    )
    .option('-y, --yes', "don't ask")
    .addOption(pruneOption())
    .option('--skip-unreachable', "go on without hosts that can't be reached")
    .addOption(
      new Option(
        '--on-failure <what>',
        "what to do with the run when a host fails, instead of the playbook's on_failure",
      ).choices(['undo_all', 'undo_host', 'keep']),
    )
    .option(
      '--confirm-timeout <duration>',
      'hosts undo by themselves after this long without progress',
      duration,
      120,
    )
    .option('--no-confirm', 'leave the hosts armed, until meshbook confirm')
    .option('--locked', 'refuse new leases: every address must be in the leases file already')
    .option('--diff', 'show the changed lines of files')
    .option('--full', fullHelp)
    .option('--json', 'print run events as JSON lines')
    .addHelpText('after', exitCodeHelp)
    .action(async (playbook: string, options: ApplyOptions) => {
      done(await (await import('./commands/apply.ts')).apply(playbook, options, io));
    });

  becomeOption(connectOptions(playOptions(command('check <playbook>'))))
    .description("run the playbook's checks on and between hosts; changes nothing")
    .option('--json', 'print the results as JSON')
    .addHelpText('after', exitCodeHelp)
    .action(async (playbook: string, options: CheckOptions) => {
      done(await (await import('./commands/check.ts')).check(playbook, options, io));
    });

  becomeOption(connectOptions(playOptions(command('drift <playbook>'))))
    .description(
      'show where hosts differ from the playbook, and who changed them; writes nothing on any host',
    )
    .option('--diff', 'show the lines that differ in files')
    .addOption(
      new Option(
        '--facts <folder>',
        'make no connection, and compare facts that meshbook facts has saved',
      ).argParser(notEmpty),
    )
    .option('-q, --quiet', 'print nothing if there is no drift')
    .option('--json', 'print JSON')
    .addHelpText('after', exitCodeHelp)
    .action(async (playbook: string, options: DriftOptions) => {
      done(await (await import('./commands/drift.ts')).drift(playbook, options, io));
    });

  waitOption(connectOptions(command('undo [run]')))
    .description('undo a run on its hosts')
    .option('--last', 'undo the newest run that is not undone yet')
    .addOption(
      new Option('--to <run>', 'undo all runs after this one, newest first; the run itself stays').argParser(
        notEmpty,
      ),
    )
    .option('-y, --yes', "don't ask")
    .option('-l, --limit <pattern>', 'only these hosts')
    .option('--skip-unreachable', "go on without hosts that can't be reached")
    .option('--packages', 'also remove the packages that the run installed')
    .option('--force', 'also undo what someone has changed since the run')
    .option('--json', 'print run events as JSON lines')
    .addHelpText('after', exitCodeHelp)
    .action(async (run: string | undefined, options: UndoOptions) => {
      done(await (await import('./commands/undo.ts')).undo(run, options, io));
    });

  connectOptions(command('confirm <run>'))
    .summary("keep a run's changes on armed hosts")
    .option('--json', 'print run events as JSON lines')
    .action(async (run: string, options: FinishOptions) => {
      done(await (await import('./commands/finish.ts')).confirm(run, options, io));
    });

  connectOptions(command('recover <run>'))
    .summary('complete what a controller that died had decided about a run')
    .option('--json', 'print run events as JSON lines')
    .action(async (run: string, options: FinishOptions) => {
      done(await (await import('./commands/finish.ts')).recover(run, options, io));
    });

  vaultOptions(connectOptions(command('status')))
    .summary('show the state of every host: nothing pending, armed, undone, confirmed')
    .addOption(inventoryOption())
    .option('-l, --limit <pattern>', 'only these hosts; @FILE reads patterns from a file')
    .option('--json', 'print JSON')
    .action(async (options: StatusOptions) => {
      done(await (await import('./commands/status.ts')).status(options, io));
    });

  const runs = stateOption(command('runs'))
    .description('list the runs of this controller')
    .option('--json', 'print JSON')
    .action(async (options: { stateDir: string; json?: boolean }) => {
      done(await (await import('./commands/runs.ts')).runs(options, io));
    });
  command('show <run>', runs)
    .description('show one run: who, when, what, how it ended on each host, and its current state')
    // Without defaults, so that they may also stand before `show`.
    .option('--state-dir <folder>', 'the folder for run records', notEmpty)
    .option('--json', 'print JSON')
    .action(async (run: string, own: { stateDir?: string; json?: boolean }) => {
      const options = { ...runs.opts<{ stateDir: string; json?: boolean }>(), ...own };
      done(await (await import('./commands/runs.ts')).showRun(run, options, io));
    });

  command('forget <run>', runs)
    .description('no longer offer or count a run on hosts that are gone; contacts no host')
    .option('--state-dir <folder>', 'the folder for run records', notEmpty)
    .option('-l, --limit <pattern>', 'only these hosts')
    .option('-y, --yes', "don't ask")
    .action(async (run: string, own: { stateDir?: string; limit?: string; yes?: boolean }) => {
      const options = { ...runs.opts<{ stateDir: string }>(), ...own };
      done(await (await import('./commands/runs.ts')).forgetRun(run, options, io));
    });

  command('explain [code]')
    .description('explain the code of an error or a warning, with an example')
    .action(async (code: string | undefined) => {
      done(await (await import('./commands/explain.ts')).explain(code, io));
    });

  command('kinds [name]')
    .description('show the reference of step kinds')
    .action(async (name: string | undefined) => {
      done(await (await import('./commands/kinds.ts')).kinds(name, io));
    });

  const vault = command('vault').description(
    'encrypt values for playbooks and inventories, as ansible-vault does',
  );
  vaultOptions(command('encrypt [file]', vault))
    .description('encrypt a file, standard input or typed text, and print the result')
    .option('--name <variable>', 'print it in the form for vars: NAME: !vault | …', notEmpty)
    .action(async (file: string | undefined, options: EncryptOptions) => {
      done(await (await import('./commands/vault.ts')).encrypt(file, options, io));
    });
  vaultOptions(command('view <file>', vault))
    .description('print the contents of an encrypted file')
    .action(async (file: string, options: VaultOptions) => {
      done(await (await import('./commands/vault.ts')).view(file, options, io));
    });

  const lab = command('lab').description(
    'throwaway hosts on this machine, to try playbooks on (Linux, as root)',
  );
  stateOption(command('up', lab))
    .description('boot hosts, and write an inventory and keys for them')
    .option('--hosts <n>', 'the number of hosts', positiveInteger, 3)
    .option('--install', 'install the Debian packages that the lab needs')
    .action(async (options: { stateDir: string; hosts: number; install?: boolean }) => {
      done(await (await import('./commands/lab.ts')).labUpCommand(options, io));
    });
  stateOption(command('status', lab))
    .description('list the hosts, and which are running')
    .action(async (options: { stateDir: string }) => {
      done(await (await import('./commands/lab.ts')).labStatusCommand(options, io));
    });
  stateOption(command('ssh <host> [command...]', lab))
    .description('open a shell on a host, or run one command there')
    .passThroughOptions()
    .action(async (host: string, words: string[], options: { stateDir: string }) => {
      done(await (await import('./commands/lab.ts')).labSshCommand(host, words, options));
    });
  stateOption(command('down', lab))
    .description('remove the hosts and all their files')
    .action(async (options: { stateDir: string }) => {
      done(await (await import('./commands/lab.ts')).labDownCommand(options, io));
    });
  return program;
}

process.exitCode = await main(process.argv.slice(2), processIo());
// After a bug, something may still be waiting.
if (process.exitCode === exitCodes.internal) process.exit();
