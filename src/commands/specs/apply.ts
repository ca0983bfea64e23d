import { exitCodeHelp } from './help.ts';
import {
  become,
  connectOptions,
  jsonEvents,
  locked,
  peerOptions,
  playOptions,
  prune,
  shownPlanOptions,
  skipUnreachable,
  wait,
  yes,
} from './options.ts';
import { command, flag, value } from './spec.ts';
import { duration } from './values.ts';

export const apply = command({
  usage: 'apply <playbook>',
  description:
    'show the plan, ask, carry it out on all hosts and verify it; a saved plan is carried out as it was reviewed, unasked',
  options: [
    ...playOptions,
    become,
    ...connectOptions,
    ...peerOptions,
    wait,
    yes,
    prune,
    skipUnreachable,
    value(
      '--on-failure <what>',
      "what to do with the run when a host fails, instead of the playbook's on_failure",
      { choices: ['undo_all', 'undo_host', 'keep'] },
    ),
    value('--confirm-timeout <duration>', 'hosts undo by themselves after this long without progress', {
      parse: duration,
      default: 120,
    }),
    flag('--no-confirm', 'leave the hosts armed, until meshbook confirm'),
    locked,
    ...shownPlanOptions,
    jsonEvents,
  ],
  help: exitCodeHelp,
  load: async () => (await import('../apply.ts')).apply,
});
