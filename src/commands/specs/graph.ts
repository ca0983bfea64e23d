import { playOptions } from './options.ts';
import { command, value } from './spec.ts';
import { notEmpty } from './values.ts';

export const graph = command({
  usage: 'graph <playbook>',
  description: 'draw the hosts and the tunnels between them, without any connection',
  options: [
    ...playOptions,
    value('--format <format>', 'how to draw it', {
      choices: ['svg', 'dot', 'mermaid', 'html'],
      default: 'svg',
    }),
    value('-o, --output <file>', 'write to this file (default: stdout)', { parse: notEmpty }),
  ],
  load: async () => (await import('../graph.ts')).graph,
});
