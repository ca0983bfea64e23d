import { delimiter } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';

// Options that several commands share, and parsers of their values.

export function playOptions(command: Command): Command {
  return vaultOptions(command)
    .addOption(inventoryOption())
    .addOption(limitOption())
    .addOption(extraVarsOption())
    .addOption(secretVarsOption())
    .addOption(allowFilesOption())
    .addOption(tagsOption('-t, --tags <tags>', 'only steps with one of these tags', 'all steps'))
    .addOption(tagsOption('--skip-tags <tags>', 'no steps with one of these tags', 'none'));
}

export function planFormatOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'how to show it')
        .choices(['text', 'json', 'sh', 'markdown', 'html'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--out-dir <folder>',
        "write each host's program to a file in this folder (implies --format sh)",
      )
        .argParser(notEmpty)
        .implies({ format: 'sh' }),
    )
    .option('--diff', 'show the changed lines of files')
    .option('--full', fullHelp)
    .option('--detailed-exitcode', 'exit with 2 unless there is certainly nothing to change');
}

export const fullHelp = 'show long lists in full';

export function limitOption(): Option {
  return new Option(
    '-l, --limit <pattern>',
    "only these of the playbook's hosts; @FILE reads patterns from a file",
  );
}

export function extraVarsOption(): Option {
  return new Option(
    '-e, --extra-vars <vars>',
    'key=value, a mapping in YAML or JSON, or @FILE; may be repeated',
  )
    .argParser((value, before: readonly string[]) => [...before, value])
    .default([], 'none');
}

export function secretVarsOption(): Option {
  return new Option('--secret-vars <file>', 'like -e @FILE, but all values are secret; may be repeated')
    .argParser((value, before: readonly string[]) => collected(value.replace(/^@/, ''), before))
    .default([], 'none');
}

export function allowFilesOption(): Option {
  const help = `also allow files in this folder, besides those in the project; may be repeated, or several separated by ${delimiter}`;
  return new Option('--allow-files <folder>', help)
    .env('MESHBOOK_ALLOW_FILES')
    .argParser((value, before: readonly string[]) => [...before, ...value.split(delimiter).map(notEmpty)])
    .default([], 'none');
}

export function vaultOptions(command: Command): Command {
  const file = new Option(
    '--vault-password-file <file>',
    'a file with a password of ansible-vault, or a program that prints it; may be repeated',
  );
  const id = new Option(
    '--vault-id <label@source>',
    'a password with a label; the source is a file or prompt; may be repeated',
  );
  return command
    .addOption(file.env('ANSIBLE_VAULT_PASSWORD_FILE').argParser(collected).default([], 'none'))
    .addOption(id.argParser(collected).default([], 'none'))
    .option('-J, --ask-vault-pass', 'ask once for a password of ansible-vault');
}

function collected(value: string, before: readonly string[]): string[] {
  return [...before, notEmpty(value)];
}

function tagsOption(flags: string, description: string, whatIfNone: string): Option {
  return new Option(flags, description)
    .argParser((value, before: readonly string[]) => {
      const tags = value.split(',').map((tag) => tag.trim());
      if (tags.includes('')) throw new InvalidArgumentError('It must be tags separated by commas.');
      return [...before, ...tags];
    })
    .default([], whatIfNone);
}

export function peerOptions(command: Command): Command {
  const include = "with --limit: also change the selected hosts' peers, if their ends of tunnels must change";
  return command
    .addOption(new Option('--include-peers', include).conflicts('allowOneSided'))
    .option('--allow-one-sided', "with --limit: ignore the selected hosts' peers");
}

export function noGuardsOption(): Option {
  return new Option(
    '--no-guards',
    'run no guards of command steps (they run as root on the hosts); their answers are then unknown',
  );
}

export function pruneOption(): Option {
  const help = 'remove what runs of this playbook made and no step names any more';
  return new Option('--prune', help).conflicts(['tags', 'skipTags']);
}

export function becomeOption(command: Command): Command {
  return command.option('-b, --become', 'use sudo on every host');
}

export function connectOptions(command: Command): Command {
  const sudoPassword = new Option('-K, --ask-become-pass', 'ask once for the sudo password');
  return stateOption(command)
    .option('-f, --forks <n>', 'how many hosts to work on at once', positiveInteger, 50)
    .addOption(sudoPassword.conflicts('becomePasswordFile'))
    .option('--become-password-file <file>', 'read the sudo password from a file')
    .addOption(
      new Option(
        '--known-hosts <file>',
        "use only this file for host keys, instead of those from ssh's configuration and the inventory",
      )
        .env('MESHBOOK_KNOWN_HOSTS')
        .argParser(notEmpty),
    )
    .option(
      '--accept-new-host-keys',
      'add keys of unknown hosts to your known_hosts; changed keys are still refused',
    );
}

export function stateOption(command: Command): Command {
  return command.addOption(
    new Option('--state-dir <folder>', 'the folder for run records and the lab')
      .env('MESHBOOK_STATE_DIR')
      .argParser(notEmpty)
      .default('.meshbook', '.meshbook'),
  );
}

export function notEmpty(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('It must not be empty.');
}

export function duration(value: string): number {
  const [, number, unit = 's'] = /^([1-9]\d{0,5})([smh])?$/.exec(value) ?? [];
  if (number === undefined) throw new InvalidArgumentError('It must be a duration such as 120s or 5m.');
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
}

export function waitOption(command: Command): Command {
  return command.option(
    '--wait <duration>',
    'wait this long for hosts that another run holds (default: not at all)',
    duration,
  );
}

export function inventoryOption(): Option {
  return new Option(
    '-i, --inventory <file>',
    'the inventory; may be repeated to merge several, and later ones win',
  )
    .env('MESHBOOK_INVENTORY')
    .argParser((value, before: readonly string[] = []) => [...before, notEmpty(value)]);
}

export function positiveInteger(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number, at least 1.');
}
