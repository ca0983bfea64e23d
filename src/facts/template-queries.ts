import type { FactQuery } from './fact.ts';
import { interfacesFact } from './interfaces.ts';
import { osFact } from './os.ts';

/** What templates may ask of a host. */
export const templateQueries: readonly FactQuery<unknown>[] = [osFact, interfacesFact];
