import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { dockerFact } from '../facts/docker.ts';
import { known } from './known.ts';
import type { LintedHost } from './lint-fleet.ts';
import { usesOf } from './use.ts';

/** Docker would keep containers over a restart, and with them the networks that shall change. */
export function dockerLints({ resolved, facts, predicted }: LintedHost): Diagnostic[] {
  const daemon = known(facts, dockerFact)?.daemon;
  if (!daemon?.liveRestore || daemon.containers.length === 0) return [];
  // A plan that restarts the daemon makes what it is afterwards another value.
  if (known(predicted, dockerFact) === known(facts, dockerFact)) return [];
  return usesOf(resolved, 'docker_daemon').map((use) =>
    warning(
      'docker-live-restore',
      `Docker has live-restore, and its ${daemon.containers.length} running containers are stopped all the same`,
      use.at(),
      'with containers that run on, Docker would ignore the changed network',
    ),
  );
}
