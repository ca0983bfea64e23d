import { RunError } from '../diagnostics/errors.ts';
import { lines, type Sh, sh } from '../sh/sh.ts';
import { type FactFamily, type FactQuery, type FactState, Facts, factId } from './fact.ts';
import { unlike } from './schema.ts';
import { beginning, Unreadable } from './unreadable.ts';

/** One probe: a read-only script, and the parser of its output. */
export interface Probe {
  readonly script: Sh;
  /** @throws RunError `protocol` if the output is cut off or isn't the script's. */
  parse(output: string): Facts;
}

/**
 * Puts all queries into one script, one section for each family. `nonce` must be unguessable, so that output of a host
 * can't pass for the end of a section.
 */
export function compileProbe(queries: readonly FactQuery<unknown>[], nonce: string): Probe {
  const families = new Map<FactFamily<unknown>, Set<string>>();
  for (const { family, key } of queries) {
    const keys = families.get(family) ?? new Set<string>();
    families.set(family, keys.add(key));
  }
  const sections = [...families].map(([family, keys]) => ({ family, keys: [...keys].sort() }));
  const script = lines(
    ...sections.map(({ family, keys }) =>
      lines(
        sh`(`,
        family.query(keys),
        sh`) </dev/null`,
        sh`printf '\n%s %s %s\n' ${nonce} ${family.name} $?`,
      ),
    ),
  );
  return { script, parse: (output) => parseProbe(output, sections, nonce) };
}

function parseProbe(
  output: string,
  sections: readonly { family: FactFamily<unknown>; keys: readonly string[] }[],
  nonce: string,
): Facts {
  const states = new Map<string, FactState>();
  let rest = output;
  for (const { family, keys } of sections) {
    const mark = `\n${nonce} ${family.name} `;
    const end = rest.indexOf(mark);
    const newline = end < 0 ? -1 : rest.indexOf('\n', end + mark.length);
    if (newline < 0)
      throw new RunError('protocol', `the host's answer ends before its ${family.name} section does`);
    const status = rest.slice(end + mark.length, newline);
    readSection(states, family, keys, rest.slice(0, end), status);
    rest = rest.slice(newline + 1);
  }
  return new Facts(states);
}

/** @throws Unreadable if a host's output gives a value that the family's schema refuses. */
function usable(
  family: FactFamily<unknown>,
  values: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> {
  for (const value of values.values()) {
    const why = unlike(family.schema, value);
    if (why !== undefined) throw new Unreadable(why);
  }
  return values;
}

function readSection(
  states: Map<string, FactState>,
  family: FactFamily<unknown>,
  keys: readonly string[],
  text: string,
  status: string,
): void {
  let values: ReadonlyMap<string, unknown> = new Map();
  let unreadable = {};
  let reason = `the host's ${family.name} query failed with exit status ${status}`;
  if (status === '0') {
    try {
      values = usable(family, family.parse(text, keys));
      reason = `the host's ${family.name} query does not tell`;
    } catch (error) {
      // Parsers don't check a host's output everywhere, so they may throw: such an error's message is about our code.
      const why =
        error instanceof Unreadable ? error.message : `it isn't what that prints: ${beginning(text)}`;
      unreadable = { unreadable: true };
      reason = `the host's answer to ${family.command} can't be read: ${why}`;
    }
  }
  for (const key of keys) {
    const id = factId({ family, key });
    states.set(
      id,
      values.has(key) ? { value: values.get(key) } : { unknown: `${reason} (${id})`, ...unreadable },
    );
  }
}
