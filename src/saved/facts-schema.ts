import { everyFamily } from '../facts/families.ts';
import { mapping, record, type Schema, text, unlike } from '../facts/schema.ts';

const known: ReadonlyMap<string, Schema> = new Map(
  everyFamily.map(({ family }) => [family.name, record({ value: family.schema })]),
);
/** Facts of families that this version doesn't have are never used. */
const foreign = record({ value: {} });
const unknown = record({ unknown: text }, { unreadable: { const: true } });
const keysOf = mapping({ type: 'object' });

/** The families whose facts are validated: all. */
export const checkedFamilies: readonly string[] = [...known.keys()];

const head = record({ meshbook: text, address: text, read_at: text, facts: { type: 'object' } });

/** Many hosts share values: a value is validated only once. */
const good = new WeakSet<object>();

/** Where a facts file is invalid, and what is expected there; `family`: in whose facts. */
export function unlikeFacts(members: object): { readonly family?: string; readonly why: string } | undefined {
  const why = unlike(head, members);
  if (why !== undefined) return { why };
  const { facts } = members as { facts: Readonly<Record<string, object>> };
  for (const [family, keys] of Object.entries(facts)) {
    // What is no object is never in it.
    if (good.has(keys)) continue;
    const wrong = unlike(keysOf, keys) ?? unlikeStates(keys, known.get(family) ?? foreign);
    if (wrong !== undefined) return { family, why: `/facts/${family}${wrong}` };
    good.add(keys);
  }
  return undefined;
}

/** Each is either a value, or the reason why it is unknown. */
function unlikeStates(keys: object, value: Schema): string | undefined {
  for (const [key, state] of Object.entries(keys)) {
    const wrong = unlike('unknown' in state ? unknown : value, state);
    if (wrong !== undefined) return `/${key}${wrong}`;
  }
  return undefined;
}
