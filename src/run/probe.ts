import { randomBytes } from 'node:crypto';
import { RunError } from '../diagnostics/errors.ts';
import type { FactQuery, Facts } from '../facts/fact.ts';
import { compileProbe } from '../facts/probe.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { Connection } from '../transport/transport.ts';
import { hostWords } from './failure.ts';
import { lockedError } from './lock.ts';

const timeoutMs = 60_000;
/** Files of up to a megabyte each, and everything of Docker and Open vSwitch. */
const maxOutputBytes = 16 * 1024 * 1024;

/** Reads facts from a host in one exchange; writes nothing there. */
export async function probe(
  connection: Connection,
  host: string,
  queries: readonly FactQuery<unknown>[],
  signal?: AbortSignal,
): Promise<Facts> {
  return (await probeAndThen(connection, host, queries, undefined, signal)).facts;
}

/** The same, with a script that runs after the queries in the same exchange; `rest` is its output. */
export async function probeAndThen(
  connection: Connection,
  host: string,
  queries: readonly FactQuery<unknown>[],
  then: Sh | undefined,
  signal?: AbortSignal,
): Promise<{ facts: Facts; rest: string }> {
  const nonce = randomBytes(12).toString('hex');
  const { script, parse } = compileProbe(queries, nonce);
  const end = `\n${nonce} end\n`;
  const full = lines(
    raw('if [ "$(id -u)" != 0 ]; then id -un; exit 77; fi'),
    script,
    sh`printf %s ${end}`,
    then,
  );
  const result = await connection.run(full.text, {
    timeoutMs,
    maxOutputBytes,
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.exitCode === 77) throw notRoot(host, result.stdout.trim());
  const at = result.stdout.indexOf(end);
  if (at < 0 || (then === undefined && result.exitCode !== 0)) {
    const said = hostWords(result.stderr);
    throw new RunError('protocol', `the probe ended with status ${result.exitCode} before it was complete`, {
      host,
      ...(said === '' ? {} : { hint: said }),
    });
  }
  const locked = lockedError(host, result.exitCode, result.stderr);
  if (locked !== undefined) throw locked;
  if (result.exitCode !== 0) {
    throw new RunError(
      'command-failed',
      `preparing failed with status ${result.exitCode}: ${hostWords(result.stderr)}`,
      { host },
    );
  }
  return { facts: parse(result.stdout.slice(0, at + 1)), rest: result.stdout.slice(at + end.length) };
}

function notRoot(host: string, user: string): RunError {
  return new RunError('become-failed', `logged in as ${user}, who is not root`, {
    host,
    hint: 'write become: true in the inventory or give --become, for sudo; or log in as root',
  });
}
