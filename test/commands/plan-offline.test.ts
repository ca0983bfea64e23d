import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadPlay } from '../../src/commands/play/load-play.ts';
import { planOffline } from '../../src/commands/play/plan-offline.ts';
import type { FactQuery } from '../../src/facts/fact.ts';
import { Facts } from '../../src/facts/fact.ts';
import { guardFact } from '../../src/facts/guard.ts';
import { savable } from '../../src/facts/secrets.ts';
import { writeFacts } from '../../src/saved/facts-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-offline-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The origin of a plan in which a guarded command follows another one. */
async function origin(known: readonly FactQuery<boolean>[]) {
  const [inventory, playbook] = [join(folder, 'inventory.yml'), join(folder, 'mesh.yml')];
  writeFileSync(inventory, 'hosts: { a: { address: 192.0.2.1 } }\n');
  writeFileSync(
    playbook,
    'hosts: all\nsteps:\n  - command: { run: make, always: true }\n  - command: { run: make b, unless: test -e /b }\n',
  );
  const facts = known.reduce((all, query) => all.with(query, false), new Facts());
  await writeFacts(join(folder, 'facts'), {
    host: 'a',
    meshbook: '0',
    readAt: '2026-01-02T03:04:05.000Z',
    address: '192.0.2.1',
    facts: savable(facts, known),
  });
  const play = await loadPlay(playbook, {
    inventory: [inventory],
    extraVars: [],
    tags: [],
    skipTags: [],
  } as never);
  const { value } = play.resolve();
  if (value === undefined) throw new Error('not resolved');
  const { hosts, origin } = planOffline(play, value.play, join(folder, 'facts'));
  return { unknown: hosts[0]?.plan.steps.map(({ unknowns }) => unknowns.length), origin };
}

it('a plan from saved facts is complete if everything unknown is decided later on the host', async () => {
  const decides = await origin([guardFact({ unless: 'test -e /b' })]);
  expect(decides).toMatchObject({ unknown: [0, 1], origin: { complete: true } });
  const lacking = await origin([]);
  expect(lacking.unknown).toEqual([0, 1]);
  expect(lacking.origin).not.toHaveProperty('complete');
});
