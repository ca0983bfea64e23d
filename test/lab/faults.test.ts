import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { labExec } from '../../src/lab/lab.ts';
import { confirmScript } from '../../src/transaction/host-scripts.ts';
import { lab, stateDir } from './cli.ts';
import { cases } from './faults/cases.ts';
import { Fleet, type Snapshots } from './faults/fleet.ts';
import { labMachines } from './faults/machines.ts';
import { runCase } from './faults/run-case.ts';

describe.skipIf(stateDir === '').sequential('a run that meets a fault', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = new Fleet(labMachines(lab()));
    await fleet.makeReady();
  });
  afterAll(() => fleet.leave());

  // The whole matrix is `npm run faults`.
  describe('leaves every host entirely as before or entirely as planned', () => {
    it.each(
      cases.filter(({ fast }) => fast).map((fault) => [fault.fault.name, fault.point.name, fault] as const),
    )('%s, %s', { timeout: 300_000 }, async (_fault, _point, fault) => {
      const { wrong } = await runCase(fleet, fault);
      expect(wrong).toEqual([]);
    });
  });

  describe('an armed host', () => {
    let before: Snapshots;
    let run: string;
    beforeAll(async () => {
      before = await fleet.snapshots();
    });
    const arm = async (...more: string[]) => {
      const controller = fleet.apply({}, '--no-confirm', ...more);
      expect(await controller.end, controller.stderr).toBe(0);
      run = controller.run;
    };
    afterEach(async () => {
      expect(await fleet.start(['undo', run, '--yes']).end).toBe(0);
      expect(await fleet.snapshots()).toEqual(before);
    });

    it('shows another user nothing, and lets only root decide', async () => {
      await arm('--confirm-timeout', '300s');
      const home = `/var/lib/meshbook/transactions/${run}`;
      expect(await fleet.on('docker1', `stat -c %a:%U ${home} ${home}/token ${home}/main`)).toBe(
        '700:root\n600:root\n700:root',
      );
      for (const user of ['op', 'nobody']) {
        for (const attempt of [
          `ls ${home}`,
          `cat ${home}/token`,
          `cat ${home}/main/program`,
          `cat ${home}/main/before/1/file`,
          `echo x | sh ${home}/control confirm`,
          `sh ${home}/control undo asked`,
          `ln -sfn undone ${home}/decision`,
          `rm -rf ${home}`,
          `systemctl --no-ask-password stop meshbook-undo-${run}-1.timer`,
        ]) {
          const result = await labExec(lab(), 'docker1', `runuser -u ${user} -- sh -c '${attempt}'`);
          expect([user, attempt, result.exitCode], result.stdout).not.toEqual([user, attempt, 0]);
        }
      }
      expect(
        await fleet.on(
          'docker1',
          `readlink ${home}/decision || systemctl is-active meshbook-undo-${run}-1.timer`,
        ),
      ).toBe('active');
    });

    it("is not blocked by another user's process that has the number of its apply", async () => {
      await arm('--confirm-timeout', '300s');
      const home = `/var/lib/meshbook/transactions/${run}`;
      const loop = `sh -c 'while sleep 1; do :; done' sh ${home}/main/program apply`;
      const other = await fleet.on(
        'docker1',
        `setpriv --reuid op --regid op --clear-groups setsid ${loop} </dev/null >/dev/null 2>&1 &
echo $!; sed -i "s/^[0-9]*/$!/" ${home}/main/apply.pid`,
      );
      try {
        const undo = await labExec(lab(), 'docker1', `timeout 120 sh ${home}/control undo asked`);
        expect(undo).toEqual({ exitCode: 0, stdout: '', stderr: '' });
        expect(await fleet.on('docker1', `cat ${home}/report; ps -o user= -p ${other}`)).toMatch(
          /^undone by=asked ok at=\S+\nop$/,
        );
      } finally {
        await fleet.on('docker1', `kill ${other}`);
      }
    });

    it("accepts no confirm without the run's token", async () => {
      await arm('--confirm-timeout', '300s');
      for (const token of ['', 'x', '0'.repeat(48), '*']) {
        const { exitCode, stderr } = await labExec(lab(), 'docker1', confirmScript(run, token).text);
        expect({ token, exitCode, stderr }).toEqual({
          token,
          exitCode: 5,
          stderr: 'this is not the token of this run\n',
        });
      }
      expect(
        await fleet.on('docker1', `readlink /var/lib/meshbook/transactions/${run}/decision || echo none`),
      ).toBe('none');
    });

    it('counts its deadline in seconds since boot, with a timer that no clock change moves', async () => {
      await arm('--confirm-timeout', '300s');
      for (const host of fleet.hosts) {
        const answer = await fleet.on(
          host,
          `read -r now _ </proc/uptime; read -r until </var/lib/meshbook/transactions/${run}/deadline
echo $((until - \${now%%.*})); systemctl show -p TimersMonotonic -p TimersCalendar meshbook-undo-${run}-1.timer`,
        );
        const [left, ...timers] = answer.split('\n');
        expect(Number(left)).toBeGreaterThan(200);
        expect(Number(left)).toBeLessThanOrEqual(300);
        expect(timers.join('\n')).toMatch(/^TimersMonotonic=\{ OnActiveUSec=5min ;/m);
        expect(timers.join('\n')).not.toMatch(/TimersCalendar=./);
      }
    });

    it('undoes everything if nobody confirms', async () => {
      await arm();
      expect(await fleet.settled(fleet.machines.confirmTimeout + 60)).toEqual([]);
      expect(await fleet.snapshots()).toEqual(before);
    });
  });
});
