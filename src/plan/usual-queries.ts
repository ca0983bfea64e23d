import { dockerFact } from '../facts/docker/docker.ts';
import { configPath, dropInPath } from '../facts/docker/files.ts';
import type { FactQuery } from '../facts/fact.ts';
import { fileFact } from '../facts/file.ts';
import { ifupdownFact, mainFile } from '../facts/ifupdown/ifupdown.ts';
import { ovsFact } from '../facts/ovs/ovs.ts';
import { packageFact } from '../facts/package.ts';
import { routesFact } from '../facts/routes.ts';
import { sshPathFact } from '../facts/ssh-path.ts';
import { templateQueries } from '../facts/template-queries.ts';
import { unitFact } from '../facts/unit.ts';
import { lintQueries } from '../lint/lint-queries.ts';

/**
 * What `meshbook facts` reads from every host, whatever the playbooks: every fact without a name, and those that the
 * kinds need with the recipes' params.
 */
export const usualQueries: readonly FactQuery<unknown>[] = [
  ...lintQueries,
  ...templateQueries,
  dockerFact,
  ifupdownFact,
  ovsFact,
  routesFact,
  sshPathFact,
  ...[configPath, dropInPath, mainFile].map(fileFact),
  ...['bridge-utils', 'docker.io', 'ifupdown', 'openvswitch-switch'].map(packageFact),
  ...['docker', 'networking', 'openvswitch-switch', 'ssh'].map(unitFact),
];
