import type { FactQuery } from '../facts/fact.ts';
import { identityFact } from '../facts/identity.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { networkManagersFact } from '../facts/network-managers.ts';
import { osFact } from '../facts/os.ts';
import { routesFact } from '../facts/routes.ts';

/** What `lintFleet` looks at of every host, besides what its steps ask for. */
export const lintQueries: readonly FactQuery<unknown>[] = [
  identityFact,
  interfacesFact,
  networkManagersFact,
  osFact,
  routesFact,
];
