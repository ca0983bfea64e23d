import { connectOptions, jsonEvents } from './options.ts';
import { command } from './spec.ts';

export const confirm = command({
  usage: 'confirm <run>',
  summary: "keep a run's changes on armed hosts",
  options: [...connectOptions, jsonEvents],
  load: async () => (await import('../finish.ts')).confirm,
});

export const recover = command({
  usage: 'recover <run>',
  summary: 'complete what a controller that died had decided about a run',
  options: [...connectOptions, jsonEvents],
  load: async () => (await import('../finish.ts')).recover,
});
