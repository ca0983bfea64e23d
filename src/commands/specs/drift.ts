import { exitCodeHelp } from './help.ts';
import { become, connectOptions, json, playOptions } from './options.ts';
import { command, flag, value } from './spec.ts';
import { notEmpty } from './values.ts';

export const drift = command({
  usage: 'drift <playbook>',
  description: 'show where hosts differ from the playbook, and who changed them; writes nothing on any host',
  options: [
    ...playOptions,
    ...connectOptions,
    become,
    flag('--diff', 'show the lines that differ in files'),
    value('--facts <folder>', 'make no connection, and compare facts that meshbook facts has saved', {
      parse: notEmpty,
    }),
    flag('-q, --quiet', 'print nothing if there is no drift'),
    json,
  ],
  help: exitCodeHelp,
  load: async () => (await import('../drift.ts')).drift,
});
