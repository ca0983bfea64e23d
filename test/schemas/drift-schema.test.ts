import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { driftJsonSchema } from '../../scripts/schema-drift.ts';
import type { HostDrift } from '../../src/drift/host-drift.ts';
import { driftJson } from '../../src/report/drift/drift-json.ts';
import type { DriftReport } from '../../src/report/drift/drift-report.ts';
import { closed } from './closed.ts';

const published = JSON.parse(
  readFileSync(new URL('../../schemas/drift.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(
  closed(published) as object,
);

const step = { index: 0, name: 's', kind: 'k' };
const run = { by: 'run', run: 'R', at: 't', user: 'u', playbook: '/p' } as const;
const host: HostDrift = {
  host: 'a',
  differences: [
    { step, part: 'p', wanted: 'x', found: null, owner: { ...run, set: { text: 'y' } } },
    { step, part: 'q', wanted: { text: 'x' }, owner: run },
    { step, part: 'r', wanted: { hidden: 'a' }, found: { hidden: 'b' }, owner: { by: 'nobody' } },
  ],
  leftOver: [{ part: 'p', detail: 'd', certain: true, owner: { by: 'mark' } }],
  foreign: [{ part: 'p', detail: 'd' }],
  unknowns: [{ step, reason: 'why' }],
  unrecorded: [{ run: 'R', holder: 'root@vm', since: 't', pending: true }],
};
const report: DriftReport = {
  play: 'Mesh',
  origin: { from: 'facts', folder: 'f', oldest: 'a', newest: 'b' },
  hosts: [host],
  problems: [
    {
      severity: 'error',
      code: 'unknown-bridge',
      message: 'm',
      hosts: ['a'],
      hint: 'h',
      range: { source: { path: 'p.yml', text: 'abc' }, start: 0, end: 1 },
    },
  ],
  unreachable: new Map([['x', { code: 'connect-failed', message: 'm', hint: 'h', output: 'o' }]]),
};

describe('the schema of drift', () => {
  it('is the one in schemas/', () => expect(published).toEqual(driftJsonSchema()));

  it('accepts what is printed, and names every key', () => {
    validate(JSON.parse(JSON.stringify(driftJson(report))));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('refuses what is not drift', () => {
    const { summary: _, ...rest } = driftJson(report);
    expect(validate(rest)).toBe(false);
    expect(validate({ ...driftJson(report), format_version: 2 })).toBe(false);
  });
});
