import { command } from './spec.ts';

export const explain = command({
  usage: 'explain [code]',
  description: 'explain the code of an error or a warning, with an example',
  options: [],
  load: async () => {
    const { explain } = await import('../explain.ts');
    return (code, _, io) => explain(code, io);
  },
});

export const kinds = command({
  usage: 'kinds [name]',
  description: 'show the reference of step kinds',
  options: [],
  load: async () => {
    const { kinds } = await import('../kinds.ts');
    return (name, _, io) => kinds(name, io);
  },
});
