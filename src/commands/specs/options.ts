import { delimiter } from 'node:path';
import { flag, value } from './spec.ts';
import { collected, duration, notEmpty, positiveInteger, tags } from './values.ts';

// Options that several commands share, in the order of their help.

const none = { default: [], defaultText: 'none' } as const;

export const vaultOptions = [
  value(
    '--vault-password-file <file>',
    'a file with a password of ansible-vault, or a program that prints it; may be repeated',
    { ...none, env: 'ANSIBLE_VAULT_PASSWORD_FILE', parse: collected },
  ),
  value(
    '--vault-id <label@source>',
    'a password with a label; the source is a file or prompt; may be repeated',
    {
      ...none,
      parse: collected,
    },
  ),
  flag('-J, --ask-vault-pass', 'ask once for a password of ansible-vault'),
] as const;

export const inventory = value(
  '-i, --inventory <file>',
  'the inventory; may be repeated to merge several, and later ones win',
  {
    env: 'MESHBOOK_INVENTORY',
    parse: (text: string, before: readonly string[] = []) => collected(text, before),
  },
);

export const limit = value(
  '-l, --limit <pattern>',
  "only these of the playbook's hosts; @FILE reads patterns from a file",
);

export const extraVars = value(
  '-e, --extra-vars <vars>',
  'key=value, a mapping in YAML or JSON, or @FILE; may be repeated',
  { ...none, parse: (text: string, before: readonly string[]): readonly string[] => [...before, text] },
);

export const secretVars = value(
  '--secret-vars <file>',
  'like -e @FILE, but all values are secret; may be repeated',
  {
    ...none,
    parse: (text: string, before: readonly string[]) => collected(text.replace(/^@/, ''), before),
  },
);

export const allowFiles = value(
  '--allow-files <folder>',
  `also allow files in this folder, besides those in the project; may be repeated, or several separated by ${delimiter}`,
  {
    ...none,
    env: 'MESHBOOK_ALLOW_FILES',
    parse: (text: string, before: readonly string[]): readonly string[] => [
      ...before,
      ...text.split(delimiter).map(notEmpty),
    ],
  },
);

/** For every command that reads an inventory and a playbook. */
export const playOptions = [
  ...vaultOptions,
  inventory,
  limit,
  extraVars,
  secretVars,
  allowFiles,
  value('-t, --tags <tags>', 'only steps with one of these tags', {
    parse: tags,
    default: [],
    defaultText: 'all steps',
  }),
  value('--skip-tags <tags>', 'no steps with one of these tags', { ...none, parse: tags }),
] as const;

export const stateDir = value('--state-dir <folder>', 'the folder for run records and the lab', {
  env: 'MESHBOOK_STATE_DIR',
  parse: notEmpty,
  default: '.meshbook',
  defaultText: '.meshbook',
});

export const become = flag('-b, --become', 'use sudo on every host');

/** For every command that connects. */
export const connectOptions = [
  stateDir,
  value('-f, --forks <n>', 'how many hosts to work on at once', { parse: positiveInteger, default: 50 }),
  flag('-K, --ask-become-pass', 'ask once for the sudo password', { conflicts: ['becomePasswordFile'] }),
  value('--become-password-file <file>', 'read the sudo password from a file'),
  value(
    '--known-hosts <file>',
    "use only this file for host keys, instead of those from ssh's configuration and the inventory",
    { env: 'MESHBOOK_KNOWN_HOSTS', parse: notEmpty },
  ),
  flag(
    '--accept-new-host-keys',
    'add keys of unknown hosts to your known_hosts; changed keys are still refused',
  ),
] as const;

const full = flag('--full', 'show long lists in full');
const diff = flag('--diff', 'show the changed lines of files');

/** How `apply` shows its plan. */
export const shownPlanOptions = [diff, full] as const;

export const planFormatOptions = [
  value('--format <format>', 'how to show it', {
    choices: ['text', 'json', 'sh', 'markdown', 'html'],
    default: 'text',
  }),
  value('--out-dir <folder>', "write each host's program to a file in this folder (implies --format sh)", {
    parse: notEmpty,
    implies: { format: 'sh' },
  }),
  diff,
  full,
  flag('--detailed-exitcode', 'exit with 2 unless there is certainly nothing to change'),
] as const;

export const peerOptions = [
  flag(
    '--include-peers',
    "with --limit: also change the selected hosts' peers, if their ends of tunnels must change",
    { conflicts: ['allowOneSided'] },
  ),
  flag('--allow-one-sided', "with --limit: ignore the selected hosts' peers"),
] as const;

export const noGuards = flag(
  '--no-guards',
  'run no guards of command steps (they run as root on the hosts); their answers are then unknown',
);

export const wait = value(
  '--wait <duration>',
  'wait this long for hosts that another run holds (default: not at all)',
  { parse: duration },
);

export const prune = flag('--prune', 'remove what runs of this playbook made and no step names any more', {
  conflicts: ['tags', 'skipTags'],
});

export const locked = flag('--locked', 'refuse new leases: every address must be in the leases file already');
export const yes = flag('-y, --yes', "don't ask");
export const skipUnreachable = flag('--skip-unreachable', "go on without hosts that can't be reached");
export const json = flag('--json', 'print JSON');
export const jsonEvents = flag('--json', 'print run events as JSON lines');
export const onlyHosts = value('-l, --limit <pattern>', 'only these hosts');
