import { swarmFact } from '../facts/docker/swarm.ts';
import type { FactQuery, Facts } from '../facts/fact.ts';
import { raw, type Sh } from '../sh/sh.ts';

/**
 * A value that one host has and changes on other hosts need, known only while a run is carried out. Nobody may see it:
 * the controller has it in memory alone, and the host that takes it in a file that only root can read.
 */
interface Value {
  /** For people: `the join token`. */
  readonly words: string;
  /** What tells whether a host has it already, without a change that gives it. */
  readonly query: FactQuery<unknown>;
  has(facts: Facts): boolean;
  /** Prints it, on the host that has it. Writes nothing. */
  readonly read: Sh;
  /** Output with any other content is not a value. */
  readonly form: RegExp;
}

const table = {
  'swarm-worker-token': {
    words: "the swarm's join token",
    query: swarmFact,
    has: (facts: Facts) => facts.find(swarmFact)?.manager ?? false,
    read: raw('timeout 30 docker swarm join-token --quiet worker'),
    form: /^SWMTKN-1-[0-9a-z]+-[0-9a-z]+$/,
  },
} as const satisfies Readonly<Record<string, Value>>;

export type ValueName = keyof typeof table;

/** A value of another host, by that host's name in the inventory. */
export interface TakenValue {
  readonly name: ValueName;
  readonly from: string;
}

export const values: Readonly<Record<ValueName, Value>> = table;

/** The name of the file that holds a value on the host that takes it. */
export function valueFile({ name, from }: TakenValue): string {
  return `${name}@${encodeURIComponent(from).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`;
}
