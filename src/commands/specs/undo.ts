import { exitCodeHelp } from './help.ts';
import { connectOptions, jsonEvents, onlyHosts, skipUnreachable, wait, yes } from './options.ts';
import { command, flag, value } from './spec.ts';
import { notEmpty } from './values.ts';

export const undo = command({
  usage: 'undo [run]',
  description: 'undo a run on its hosts',
  options: [
    ...connectOptions,
    wait,
    flag('--last', 'undo the newest run that is not undone yet'),
    value('--to <run>', 'undo all runs after this one, newest first; the run itself stays', {
      parse: notEmpty,
    }),
    yes,
    onlyHosts,
    skipUnreachable,
    flag('--packages', 'also remove the packages that the run installed'),
    flag('--force', 'also undo what someone has changed since the run'),
    jsonEvents,
  ],
  help: exitCodeHelp,
  load: async () => (await import('../undo.ts')).undo,
});
