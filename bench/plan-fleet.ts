import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFacts } from '../src/saved/facts-file.ts';

/** A fleet on paper: what `meshbook plan --facts` needs, and its number of tunnel ends. */
export interface PaperFleet {
  readonly inventory: string;
  readonly playbook: string;
  readonly facts: string;
  readonly ends: number;
}

const shapes = {
  full_mesh: { ends: (hosts: number) => hosts * (hosts - 1) },
  chain: { ends: (hosts: number) => 2 * (hosts - 1) },
} as const;

export type FleetShape = keyof typeof shapes;

/**
 * The main recipe for this many hosts, all untouched. The saved facts of each are those of a host of `meshbook lab
 * up`, with its own addresses.
 */
export function paperFleet(shape: FleetShape, hosts: number, folder: string): PaperFleet {
  const facts = join(folder, 'facts');
  mkdirSync(facts, { recursive: true });
  const numbers = Array.from({ length: hosts }, (_, i) => i + 1);
  for (const n of numbers) writeFileSync(join(facts, `docker${n}.json`), factsFile(n));
  const lines = numbers.map(
    (n) => `      docker${n}: { address: ${ssh(n)}, underlay_address: ${underlay(n)} }`,
  );
  const inventory = join(folder, 'inventory.yml');
  writeFileSync(inventory, `groups:\n  docker_hosts:\n    hosts:\n${lines.join('\n')}\n`);
  const playbook = join(folder, 'playbook.yml');
  writeFileSync(playbook, playbookText(shape));
  return { inventory, playbook, facts, ends: shapes[shape].ends(hosts) };
}

const template = readFileSync(join(import.meta.dirname, 'host-facts.json'), 'utf8');

function factsFile(n: number): string {
  const text = template.replaceAll('10.97.2.11', ssh(n)).replaceAll('10.98.2.11', underlay(n));
  return formatFacts({
    host: `docker${n}`,
    meshbook: '0.0.0',
    readAt: '2026-01-01T00:00:00.000Z',
    address: ssh(n),
    facts: JSON.parse(text),
  });
}

/** The shipped playbook with room for 16,000 hosts. */
function playbookText(shape: FleetShape): string {
  const shipped = readFileSync(join(import.meta.dirname, '../playbooks/ovs-gre-docker.yml'), 'utf8');
  const overlay = `{ cidr: 10.128.0.0/9, tunnel: gre, shape: ${shape}, subnet_prefix: 24, bridge_range: 10.128.0.0/16 }`;
  const text = shipped.replace(/lab: \{.*\}/, `lab: ${overlay}`);
  if (!text.includes(overlay)) throw new Error('the shipped playbook has no overlay to replace');
  return text;
}

function ssh(n: number): string {
  return `10.97.${n >> 8}.${n & 255}`;
}

function underlay(n: number): string {
  return `10.98.${n >> 8}.${n & 255}`;
}
