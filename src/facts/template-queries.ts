import type { FactQuery } from './fact.ts';
import { interfacesFact } from './interfaces.ts';
import { osFact } from './os.ts';

/** The facts that templates may use. */
export const templateQueries: readonly FactQuery<unknown>[] = [osFact, interfacesFact];
