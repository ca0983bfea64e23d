import type { FactQuery } from '../facts/fact.ts';
import { identityFact } from '../facts/identity.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { networkManagersFact } from '../facts/network-managers.ts';
import { osFact } from '../facts/os.ts';
import { routesFact } from '../facts/routes.ts';

/** The facts that `lintFleet` reads from every host, besides those that its steps need. */
export const lintQueries: readonly FactQuery<unknown>[] = [
  identityFact,
  interfacesFact,
  networkManagersFact,
  osFact,
  routesFact,
];
