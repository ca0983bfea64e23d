import { exitCodeHelp } from './help.ts';
import {
  become,
  connectOptions,
  locked,
  noGuards,
  peerOptions,
  planFormatOptions,
  playOptions,
  prune,
} from './options.ts';
import { command, flag, value } from './spec.ts';
import { notEmpty } from './values.ts';

export const plan = command({
  usage: 'plan <playbook>',
  description: 'show what apply would do; writes nothing on any host',
  options: [
    ...playOptions,
    become,
    ...connectOptions,
    ...planFormatOptions,
    ...peerOptions,
    prune,
    noGuards,
    locked,
    value('--facts <folder>', 'make no connection, and plan from facts that meshbook facts has saved', {
      parse: notEmpty,
    }),
    flag('--offline', 'make no connection; without --facts, all facts are unknown'),
    value('-o, --output <file>', 'save the plan, for meshbook show and meshbook apply', { parse: notEmpty }),
  ],
  help: exitCodeHelp,
  load: async () => (await import('../plan.ts')).plan,
});
