import { playOptions } from './options.ts';
import { command, value } from './spec.ts';

export const validate = command({
  usage: 'validate <playbook>',
  description: 'check an inventory and a playbook, without any connection',
  options: [
    ...playOptions,
    value('--format <format>', 'github: annotations for GitHub Actions', {
      choices: ['text', 'json', 'github'],
      default: 'text',
    }),
  ],
  load: async () => (await import('../validate.ts')).validate,
});
