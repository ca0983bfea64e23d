import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import type { Locate } from '../../source/locate.ts';
import type { Body } from '../schema/raw-inventory.ts';
import { varsElsewhere } from '../schema/words-elsewhere.ts';

/** A warning for each variable that Ansible connects with. */
export function foreignVars(bodies: Iterable<Body>, locate: Locate): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { settings, path } of bodies) {
    for (const name of Object.keys(settings.vars ?? {})) {
      if (!Object.hasOwn(varsElsewhere, name)) continue;
      const at = [...path, 'vars', name];
      const message = `'${name}' is only a variable here, and doesn't set how a host is reached`;
      // The hosts of a range share one place.
      found.set(
        JSON.stringify(at),
        warning('foreign-variable', message, locate(at, 'key'), varsElsewhere[name]),
      );
    }
  }
  return [...found.values()];
}
