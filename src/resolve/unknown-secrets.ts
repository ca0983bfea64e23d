import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { PlayParts } from './play-parts.ts';

/** Names under `secret` that no variable has: a misspelt one leaves its variable unmasked. */
export function unknownSecrets({ inventory, playbook, extraVars, lost }: PlayParts): Diagnostic[] {
  // What couldn't be read may define any of them.
  if (inventory === undefined || extraVars === undefined || lost.size > 0) return [];
  const marked = [...inventory.secret, ...playbook.secret];
  if (marked.length === 0) return [];
  const hosts = [...inventory.hosts.values()];
  const scopes = [playbook, ...playbook.steps, ...hosts].map(({ vars }) => vars);
  const names = new Set([...scopes, extraVars].flatMap(Object.keys));
  return marked
    .filter(({ name }) => !names.has(name))
    .map(({ name, at }) => {
      const hint = didYouMean(name, names) ?? 'give it a value by vars or on the command line';
      return warning('secret-unknown', `there is no variable '${name}' to keep secret`, at, hint);
    });
}
