import { stateDir } from './options.ts';
import { type CommandSpec, command, flag, value } from './spec.ts';
import { positiveInteger } from './values.ts';

const up = command({
  usage: 'up',
  description: 'boot hosts, and write an inventory and keys for them',
  options: [
    stateDir,
    value('--hosts <n>', 'the number of hosts', { parse: positiveInteger, default: 3 }),
    flag('--install', 'install the Debian packages that the lab needs'),
  ],
  load: async () => (await import('../lab.ts')).labUpCommand,
});

const status = command({
  usage: 'status',
  description: 'list the hosts, and which are running',
  options: [stateDir],
  load: async () => (await import('../lab.ts')).labStatusCommand,
});

const ssh = command({
  usage: 'ssh <host> [command...]',
  description: 'open a shell on a host, or run one command there',
  options: [stateDir],
  passThrough: true,
  load: async () => (await import('../lab.ts')).labSshCommand,
});

const down = command({
  usage: 'down',
  description: 'remove the hosts and all their files',
  options: [stateDir],
  load: async () => (await import('../lab.ts')).labDownCommand,
});

export const lab: CommandSpec = {
  usage: 'lab',
  description: 'throwaway hosts on this machine, to try playbooks on (Linux, as root)',
  options: [],
  commands: [up, status, ssh, down],
};
