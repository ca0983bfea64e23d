import { vaultOptions } from './options.ts';
import { type CommandSpec, command, value } from './spec.ts';
import { notEmpty } from './values.ts';

const encrypt = command({
  usage: 'encrypt [file]',
  description: 'encrypt a file, standard input or typed text, and print the result',
  options: [
    ...vaultOptions,
    value('--name <variable>', 'print it in the form for vars: NAME: !vault | …', { parse: notEmpty }),
  ],
  load: async () => (await import('../vault.ts')).encrypt,
});

const view = command({
  usage: 'view <file>',
  description: 'print the contents of an encrypted file',
  options: vaultOptions,
  load: async () => (await import('../vault.ts')).view,
});

export const vault: CommandSpec = {
  usage: 'vault',
  description: 'encrypt values for playbooks and inventories, as ansible-vault does',
  options: [],
  commands: [encrypt, view],
};
