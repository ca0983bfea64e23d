import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { labDown } from '../src/lab/lab.ts';
import {
  ansible,
  type Contestant,
  cheapHandshake,
  floor,
  meshbook,
  type Phase,
  proveEqualJobs,
  reference,
  reset,
} from './contestants.ts';
import { fleetOf } from './fleet.ts';
import type { Cost } from './measure.ts';
import { fleetTable, referenceName, type Series } from './report.ts';
import { writeSection } from './results.ts';

const { values } = parseArgs({
  options: {
    hosts: { type: 'string', default: '5,20' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: join(import.meta.dirname, 'RESULTS.md') },
  },
});
const sizes = values.hosts.split(',').map(Number);
const rounds = Number(values.rounds);
const phases: readonly Phase[] = ['first apply', 'no-op', 'undo'];

if (!existsSync('/usr/bin/time')) throw new Error('the benchmark needs GNU time: apt-get install time');
const folder = mkdtempSync(join(tmpdir(), 'meshbook-bench-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void clear().finally(() => process.exit(130)));
}
try {
  const parts: string[] = [];
  for (const size of sizes) parts.push(await fleet(size));
  const text = `${new Date().toISOString().slice(0, 10)}, \`npm run bench -- --hosts ${values.hosts} --rounds ${rounds}\`. How to read this: [README.md](README.md).

${parts.join('\n')}`;
  writeSection(values.out, 'fleet', text);
  console.log(text);
} finally {
  await clear();
}

async function clear(): Promise<void> {
  await labDown(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Every contestant once a round, one after the other, so that all see the same machine. */
async function fleet(size: number): Promise<string> {
  const hosts = await fleetOf(size, folder);
  await reset(hosts);
  await proveEqualJobs(hosts);
  const always: Contestant[] = [
    reference(hosts, referenceName),
    meshbook(hosts),
    reference(hosts, 'the reference, cheap key exchange', cheapHandshake),
    floor(hosts, 'ssh HOST true'),
    floor(hosts, 'ssh HOST true, cheap key exchange', cheapHandshake),
  ];
  const slow = ansible(hosts);
  if (slow === undefined) console.error('Ansible is not installed: skipped');
  const series = new Map<string, Series & { costs: Cost[] }>();
  for (let round = 1; round <= rounds; round++) {
    console.error(`${size} hosts, round ${round} of ${rounds}`);
    // Ansible takes minutes; its figures differ by much more than the noise of one round.
    for (const contestant of [
      ...rotated(always, round),
      ...(round === 1 && slow !== undefined ? [slow] : []),
    ]) {
      for (const [phase, cost] of Object.entries(await contestant.round()) as [Phase, Cost][]) {
        const key = `${phase} ${contestant.name}`;
        const known = series.get(key) ?? { contestant: contestant.name, phase, costs: [] };
        series.set(key, known);
        known.costs.push(cost);
      }
    }
  }
  const names = [...always, ...(slow === undefined ? [] : [slow])].map(({ name }) => name);
  const place = ({ phase, contestant }: Series) =>
    phases.indexOf(phase) * names.length + names.indexOf(contestant);
  return fleetTable(
    size,
    [...series.values()].sort((a, b) => place(a) - place(b)),
  );
}

/**
 * Each round begins with another contestant: what one leaves behind (caches, busy hosts) affects all of them equally.
 */
function rotated<T>(items: readonly T[], by: number): T[] {
  return items.map((_, i) => items[(i + by) % items.length] as T);
}
