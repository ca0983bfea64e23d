import { json, onlyHosts, stateDir, yes } from './options.ts';
import { command, value } from './spec.ts';
import { notEmpty } from './values.ts';

const options = [stateDir, json] as const;

/** Without a default, so that it may also precede the command's name. */
const ownStateDir = value('--state-dir <folder>', 'the folder for run records', { parse: notEmpty });

const show = command({
  usage: 'show <run>',
  description: 'show one run: who, when, what, how it ended on each host, and its current state',
  options: [ownStateDir, json],
  outer: options,
  load: async () => (await import('../runs.ts')).showRun,
});

const forget = command({
  usage: 'forget <run>',
  description: 'no longer offer or count a run on hosts that are gone; contacts no host',
  options: [ownStateDir, onlyHosts, yes],
  outer: options,
  load: async () => (await import('../runs.ts')).forgetRun,
});

export const runs = command({
  usage: 'runs',
  description: 'list the runs of this controller',
  options,
  load: async () => (await import('../runs.ts')).runs,
  commands: [show, forget],
});
