import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import { lab, on, stateDir } from './cli.ts';
import { prepared } from './on-host.ts';

const host = 'docker1';
const log = '/run/meshbook-start-test';
const change: Change = {
  type: 'run',
  command: `sleep 2; echo applied >>${log}`,
  undo: `rm -f ${log}`,
  timeout: 20,
  always: true,
};

describe.skipIf(stateDir === '')('a start that may be sent again', () => {
  it('starts once, and can be followed from anywhere, even after its end', async () => {
    const run = await prepared(lab(), host, [change]);
    const told = await Promise.all([1, 2, 3].map(() => run.started('apply', { attempt: 'a' })));
    expect(told).toEqual(Array(3).fill('begin 1\nok 1\nend ok\n'));
    expect(await on(host, `cat ${log}`)).toBe('applied');
    expect(await run.started('apply', { attempt: 'a', offset: 8 })).toBe('ok 1\nend ok\n');
    await run.undo();
  });

  it('does not undo what is already undone, unless asked to', async () => {
    const run = await prepared(lab(), host, [change]);
    await run.apply();
    const whole = 'begin 1\nok 1\nend ok\n';
    expect(await run.started('undo', { attempt: 'a' })).toBe(whole);
    const report = await run.report();
    expect(report).toMatch(/^undone by=asked ok at=/);
    expect(await run.started('undo', { attempt: 'b' })).toBe('');
    expect(await run.report()).toBe(report);
    expect(await run.started('undo', { attempt: 'c', pass: { skip: [], left: [] } })).toBe(whole);
  });

  it("reports a full disk where a program that begins there can't report anything", async () => {
    const kept = '/var/lib/meshbook';
    await on(host, `mkdir -p ${kept} && mount -t tmpfs -o size=4m,mode=0700 tmpfs ${kept}`);
    try {
      const run = await prepared(lab(), host, [change]);
      await on(host, `cat /dev/zero >${kept}/filler 2>/dev/null || :`);
      await expect(run.started('apply', { attempt: 'a' })).rejects.toThrow('no space left on');
    } finally {
      await on(host, `umount -l ${kept}`);
    }
  });
});
