import {
  allowFiles,
  become,
  connectOptions,
  extraVars,
  inventory,
  limit,
  noGuards,
  secretVars,
  vaultOptions,
} from './options.ts';
import { command, value } from './spec.ts';
import { notEmpty } from './values.ts';

export const facts = command({
  usage: 'facts [playbook...]',
  description: 'save facts of the hosts, for plans without a connection; writes nothing on any host',
  options: [
    become,
    ...connectOptions,
    ...vaultOptions,
    inventory,
    limit,
    extraVars,
    secretVars,
    allowFiles,
    noGuards,
    value('-o, --output <folder>', 'the folder for one file per host', { parse: notEmpty, required: true }),
  ],
  load: async () => (await import('../facts.ts')).facts,
});
