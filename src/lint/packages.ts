import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { type HostThings, placeOf, thingsDescribed } from './things.ts';

/** Steps placed before the one that installs what they need: they fail on a new host. */
export function packageLints(hosts: readonly HostThings[]): Diagnostic[] {
  return hosts.flatMap((host) => {
    const early = new Map<string, string>();
    return thingsDescribed(host, 'package', ['makes', 'uses']).flatMap((said) => {
      const { does, name } = said.thing;
      const user = early.get(name);
      if (does === 'uses') early.set(name, user ?? said.step.name);
      if (does === 'uses' || user === undefined) return [];
      return [
        warning(
          'package-too-late',
          `${name} is installed after the step '${user}', which needs it`,
          placeOf(said, 'name'),
          'put the package step first',
        ),
      ];
    });
  });
}
