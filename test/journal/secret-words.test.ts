import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Journal } from '../../src/journal/journal.ts';
import { secrets } from '../../src/secrets/masker.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'meshbook-journal-'));
afterAll(() => rmSync(stateDir, { recursive: true }));

it('a record keeps the names that an undo needs, even if they contain a secret', () => {
  secrets.add('main');
  const journal = new Journal(stateDir);
  const target = { name: 'main1', address: 'main1.example', ssh: { user: 'main' }, become: false };
  const own = journal.start({ id: 'r1', verb: 'apply', playName: 'a play for main', steps: ['main'] }, [
    target,
  ]);
  const items = { '1': { step: 0, summary: 'create file /main' } };
  own.stages(new Map([['main1', { name: 'main', items }]]));
  own.finish(new Map([['main1', { outcome: 'changed', changes: 1 }]]), 0);
  expect(journal.unreadable()).toEqual([]);
  expect(journal.last()).toMatchObject({
    playName: 'a play for ***',
    steps: ['***'],
    hosts: {
      main1: { target, stages: [{ name: 'main', items: { '1': { step: 0, summary: 'create file /***' } } }] },
    },
  });
});
