import { exitCodeHelp } from './help.ts';
import { planFormatOptions } from './options.ts';
import { command } from './spec.ts';

export const show = command({
  usage: 'show <plan>',
  description: 'show a saved plan; connects to nothing',
  options: planFormatOptions,
  help: exitCodeHelp,
  load: async () => (await import('../show.ts')).show,
});
