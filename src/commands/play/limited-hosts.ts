import { InvalidInput } from '../../diagnostics/errors.ts';
import { limitHosts } from '../../model/inventory/limit.ts';

/** Of these hosts those that `--limit` chooses. @throws InvalidInput when it names none of them. */
export function limitedHosts(names: readonly string[], limit: string | undefined): ReadonlySet<string> {
  if (limit === undefined) return new Set(names);
  const { value, diagnostics } = limitHosts(limit, {
    hosts: new Map(names.map((name) => [name, {}])),
    groups: new Map([['all', { name: 'all', hosts: names }]]),
  });
  if (value === undefined) throw new InvalidInput(diagnostics);
  return new Set(value);
}
