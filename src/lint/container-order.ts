import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { type HostThings, placeOf, stepWords, thingsDescribed } from './things.ts';

/** Interfaces in containers that a later step of the same play may end by restarting Docker. */
export function containerOrderLints(hosts: readonly HostThings[]): Diagnostic[] {
  return hosts.flatMap((host) => {
    const daemon = thingsDescribed(host, 'daemon').findLast(({ thing }) => thing.name === 'Docker');
    if (daemon === undefined) return [];
    const at = host.things.indexOf(daemon);
    return thingsDescribed(host, 'container-link')
      .filter((said) => host.things.indexOf(said) < at)
      .map((said) => ({
        ...warning(
          'container-before-docker',
          `a restart of Docker for ${stepWords(daemon)} ends ${said.thing.name} in container ${said.thing.container}, which an earlier step makes`,
          placeOf(said),
          `put the step behind the ${daemon.step.step.kind} step`,
        ),
        hosts: [host.resolved.host.name],
      }));
  });
}
