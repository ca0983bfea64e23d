import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LoadedPlay } from '../../src/commands/play/load-play.ts';
import { recordsFor } from '../../src/commands/play/records.ts';
import { Facts } from '../../src/facts/fact.ts';
import { osFact } from '../../src/facts/os.ts';
import { Journal } from '../../src/journal/journal.ts';
import type { ResolvedPlay } from '../../src/model/resolved.ts';
import { formerHostLines } from '../../src/report/plan/left-over-words.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'meshbook-records-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const ssh = { port: 22 };

/** A run of /p/mesh.yml that is in force on a host. */
async function stands(id: string, host: { name: string; address: string; machine: string }) {
  const target = { name: host.name, address: host.address, ssh, become: false } as never;
  const machines = new Map([[host.name, host.machine]]);
  const own = new Journal(stateDir).start(
    { id, verb: 'apply', playName: 'p', steps: [], playbook: '/p/mesh.yml', inventory: '/p/old.yml' },
    [target],
    machines,
  );
  own.stages(new Map([[host.name, { name: 'main', items: { 1: { step: 0, summary: 'a change' } } }]]));
  own.keep(new Map([[host.name, { changes: {}, settles: {} }]]));
  own.finish(new Map([[host.name, { outcome: 'changed', changes: 1 }]]), 0);
  // Runs that start in the same millisecond have no order.
  await new Promise((resolve) => setTimeout(resolve, 3));
}

/** The former hosts of a play with one host. */
function formers(name: string, address: string, machine: string) {
  const play = { playbook: { path: '/p/mesh.yml', steps: [] }, inventory: { path: '/p/new.yml' } };
  const options = { stateDir, tags: [], skipTags: [] } as unknown as Parameters<typeof recordsFor>[1];
  const resolved = { host: { name, address, ssh } } as never;
  const facts = new Facts().with(osFact, { machine } as never);
  return recordsFor(play as unknown as LoadedPlay, options).formerHosts(
    { hosts: [resolved] } as unknown as ResolvedPlay,
    [{ resolved, facts }],
  );
}

it('a renamed host is not a former host: its address or its machine identifies it', async () => {
  await stands('r1', { name: 'old', address: '192.0.2.1', machine: 'm1' });
  expect(formers('new', '192.0.2.1', 'm9')).toEqual([]);
  expect(formers('new', '192.0.2.9', 'm1')).toEqual([]);
  expect(formers('new', '192.0.2.9', 'm9')).toEqual([{ host: 'old', run: 'r1', runs: 1 }]);
});

it('a former host is shown with its newest run and the number of runs', async () => {
  for (const id of ['r1', 'r2', 'r3']) await stands(id, { name: 'old', address: '192.0.2.1', machine: 'm1' });
  const formerHosts = formers('new', '192.0.2.9', 'm9');
  expect(formerHostLines({ formerHosts })).toEqual([
    'old still has what 3 runs made there; meshbook undo r3 --limit old undoes the newest of them, r3; meshbook runs lists them',
  ]);
});
