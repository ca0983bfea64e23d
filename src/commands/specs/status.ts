import { connectOptions, inventory, json, vaultOptions } from './options.ts';
import { command, value } from './spec.ts';

export const status = command({
  usage: 'status',
  summary: 'show the state of every host: nothing pending, armed, undone, confirmed',
  options: [
    ...connectOptions,
    ...vaultOptions,
    inventory,
    value('-l, --limit <pattern>', 'only these hosts; @FILE reads patterns from a file'),
    json,
  ],
  load: async () => (await import('../status.ts')).status,
});
