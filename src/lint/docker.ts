import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { dockerFact } from '../facts/docker.ts';
import { duplicateKeys, parseDockerConfig } from '../facts/docker-config.ts';
import { fileFact } from '../facts/file.ts';
import { configPath } from '../kinds/docker-settings.ts';
import { known } from './known.ts';
import type { LintedHost } from './lint-fleet.ts';
import { usesOf } from './use.ts';

/** What a user of Docker should know of a host before its daemon is restarted. */
export function dockerLints(host: LintedHost): Diagnostic[] {
  return [...liveRestore(host), ...duplicates(host)];
}

/** Docker heeds the last of two equal keys, and a step changes both. */
function duplicates({ resolved, facts }: LintedHost): Diagnostic[] {
  const file = known(facts, fileFact(configPath));
  if (file?.kind !== 'text' || parseDockerConfig(file.content).error !== undefined) return [];
  const twice = duplicateKeys(file.content);
  if (twice.length === 0) return [];
  return usesOf(resolved, 'docker_daemon').map((use) =>
    warning(
      'docker-config-duplicate',
      `${configPath} has more than once: ${twice.join(', ')}; Docker uses only the last`,
      use.at(),
      'take out all but one',
    ),
  );
}

/** Docker would keep containers over a restart, and with them the networks that shall change. */
function liveRestore({ resolved, facts, predicted }: LintedHost): Diagnostic[] {
  const daemon = known(facts, dockerFact)?.daemon;
  if (!daemon?.liveRestore || daemon.containers.length === 0) return [];
  // A plan that restarts the daemon makes what it is afterwards another value.
  if (known(predicted, dockerFact) === known(facts, dockerFact)) return [];
  const { length } = daemon.containers;
  const stopped = length === 1 ? 'the container that runs is' : `its ${length} running containers are`;
  return usesOf(resolved, 'docker_daemon').map((use) =>
    warning(
      'docker-live-restore',
      `Docker has live-restore, and ${stopped} stopped all the same`,
      use.at(),
      'with containers that run on, Docker would ignore the changed network',
    ),
  );
}
