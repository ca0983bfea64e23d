import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { duplicateKeys, parseDockerConfig } from '../facts/docker/config.ts';
import { dockerFact } from '../facts/docker/docker.ts';
import { configPath } from '../facts/docker/files.ts';
import { fileFact } from '../facts/file.ts';
import type { LintedHost } from './linted-host.ts';
import { type HostThings, placeOf, thingsDescribed } from './things.ts';

/** What to know about a host's Docker before its daemon is restarted. */
export function dockerLints(host: LintedHost): Diagnostic[] {
  return [...liveRestore(host), ...duplicates(host)];
}

/** Docker uses the last of two equal keys; a step changes both. */
function duplicates(host: LintedHost): Diagnostic[] {
  const file = host.facts.find(fileFact(configPath));
  if (file?.kind !== 'text' || parseDockerConfig(file.content).error !== undefined) return [];
  const twice = duplicateKeys(file.content);
  if (twice.length === 0) return [];
  return dockerOf(host).map((daemon) =>
    warning(
      'docker-config-duplicate',
      `${configPath} has more than once: ${twice.join(', ')}; Docker uses only the last`,
      placeOf(daemon),
      'take out all but one',
    ),
  );
}

/** With live-restore, Docker keeps containers running over a restart, and their networks unchanged. */
function liveRestore(host: LintedHost): Diagnostic[] {
  const { facts, predicted } = host;
  const daemon = facts.find(dockerFact)?.daemon;
  if (!daemon?.liveRestore || daemon.containers.length === 0) return [];
  // A plan that restarts the daemon predicts a different value.
  if (predicted.find(dockerFact) === facts.find(dockerFact)) return [];
  const { length } = daemon.containers;
  const stopped = length === 1 ? 'the container that runs is' : `its ${length} running containers are`;
  return dockerOf(host).map((daemon) =>
    warning(
      'docker-live-restore',
      `Docker has live-restore, and ${stopped} stopped all the same`,
      placeOf(daemon),
      'with containers that run on, Docker would ignore the changed network',
    ),
  );
}

/** The daemon's settings, as steps describe them. */
function dockerOf(host: HostThings) {
  return thingsDescribed(host, 'daemon').filter(({ thing }) => thing.name === 'Docker');
}
