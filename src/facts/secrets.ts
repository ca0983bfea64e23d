import type { Json } from '../json/json.ts';
import { secrets } from '../secrets/masker.ts';
import { type FactFamily, type FactQuery, type FactState, type Facts, factId } from './fact.ts';

/** Replaces a secret in a saved fact. */
const withheld = '(not stored)';

// A URL's password (RFC 3986, userinfo).
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/@:"']*:)[^\s/@"']+@/gi;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Whether a text contains something that looks secret: a URL with a password, a private key. */
export function holdsSecret(text: string): boolean {
  return text.search(urlPassword) >= 0 || privateKey.test(text);
}

/** Facts as they may be saved: by the family's name and the key. */
export type SavableFacts = Readonly<Record<string, Readonly<Record<string, FactState>>>>;

/**
 * What may be saved of the facts that were asked for, in order of their names. Each family knows which of its values
 * are secret; in addition, URL passwords are removed from every text, and so is everything with a secret of the play.
 */
export function savable(facts: Facts, queries: readonly FactQuery<unknown>[]): SavableFacts {
  const stored: Record<string, Record<string, FactState>> = {};
  for (const query of [...queries].sort(byName)) {
    const { family, key } = query;
    const state = facts.state(query);
    if (state === undefined) continue;
    stored[family.name] ??= {};
    // A key may be a whole command.
    if (secrets.find(key).length > 0) continue;
    (stored[family.name] as Record<string, FactState>)[key] = withoutSecrets(family, state);
  }
  return stored;
}

function byName(a: FactQuery<unknown>, b: FactQuery<unknown>): number {
  const [x, y] = [factId(a), factId(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function withoutSecrets(family: FactFamily<unknown>, state: FactState): FactState {
  if ('unknown' in state) return state;
  const open = family.withoutSecrets?.(state.value) ?? state;
  if ('unknown' in open) return open;
  const value = masked(open.value as Json);
  return secrets.value(value) === value ? { value } : { unknown: 'it holds a secret, and is not saved' };
}

function masked(value: Json): Json {
  if (typeof value === 'string') return value.replace(urlPassword, `$1${withheld}@`);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner as Json)]));
}
