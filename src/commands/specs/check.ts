import { exitCodeHelp } from './help.ts';
import { become, connectOptions, playOptions } from './options.ts';
import { command, flag } from './spec.ts';

export const check = command({
  usage: 'check <playbook>',
  description: "run the playbook's checks on and between hosts; changes nothing",
  options: [...playOptions, ...connectOptions, become, flag('--json', 'print the results as JSON')],
  help: exitCodeHelp,
  load: async () => (await import('../check.ts')).check,
});
