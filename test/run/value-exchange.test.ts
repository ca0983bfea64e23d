import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { Trouble } from '../../src/run/events.ts';
import type { FleetHost } from '../../src/run/open-fleet.ts';
import type { Progress } from '../../src/run/progress.ts';
import { ValueExchange } from '../../src/run/value-exchange.ts';
import { secrets } from '../../src/secrets/masker.ts';
import { type Stage, stagesOf } from '../../src/transaction/stage.ts';

let tokens = 0;
/** One that no test has seen. */
const newToken = () => `SWMTKN-1-${String(++tokens).padStart(50, 'a')}-bcdefghijklmnopqrstuvwxyz`;

function swarm(role: 'manager' | 'worker'): Change {
  return { type: 'swarm', before: null, after: { role, manager: 'm', address: '192.0.2.1' } };
}

function stageOf(host: string, change: Change): Stage {
  const steps = [{ index: 0, name: 'a step', kind: 'swarm', changes: [change], unknowns: [] }];
  return stagesOf({ host, steps })[0] as Stage;
}

/** A host that answers every script that asks for the token, and remembers all scripts. */
function host(name: string, answer = '') {
  const scripts: string[] = [];
  const connection = {
    run: async (script: string) => {
      scripts.push(script);
      const stdout = script.includes('join-token') ? `${answer}\n` : '';
      return { exitCode: 0, stdout, stderr: '', durationMs: 0 };
    },
    close: () => {},
  };
  const progress = { target: { name }, run: 'R1', connection } as unknown as Progress;
  return { scripts, progress, fleet: { connection, plan: { host: name } } as unknown as FleetHost };
}

type Fake = ReturnType<typeof host>;

/** An exchange between a manager, which may have nothing to do itself, and two workers. */
function exchange(manager: Fake, workers: readonly Fake[], makes = true) {
  const troubles: [string, Trouble][] = [];
  const stages = new Map(workers.map(({ progress }) => [progress, stageOf('w', swarm('worker'))] as const));
  if (makes) stages.set(manager.progress, stageOf('m', swarm('manager')));
  const all = [manager, ...workers].map(({ fleet }) => fleet);
  const values = new ValueExchange(stages, all, ({ target }, trouble) =>
    troubles.push([target.name, trouble]),
  );
  return { values, troubles };
}

/** Until all that was begun is done. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const reads = ({ scripts }: Fake) => scripts.filter((script) => script.includes('join-token')).length;
const wait = { type: 'wait', id: '1' } as const;
const ok = { type: 'ok', id: '1' } as const;

describe('values that pass between hosts', () => {
  it('are read once, when they are given, and brought to all that wait', async () => {
    const token = newToken();
    const [m, a, b] = [host('m', token), host('a'), host('b')];
    const { values, troubles } = exchange(m, [a, b]);
    values.heard(a.progress, wait);
    await settled();
    expect([reads(m), a.scripts.length]).toEqual([0, 0]);
    values.heard(m.progress, { type: 'begin', id: '1' });
    values.heard(m.progress, ok);
    await values.ended(m.progress);
    values.heard(b.progress, wait);
    await settled();
    expect(reads(m)).toBe(1);
    for (const { scripts } of [a, b]) {
      expect(scripts).toHaveLength(1);
      expect(scripts[0]).toContain(token);
      expect(scripts[0]).toContain('/run/meshbook/R1/swarm-worker-token@m');
      expect(scripts[0]).toContain('umask 077');
    }
    expect(troubles).toEqual([]);
    expect(secrets.text(`it prints ${token}`)).toBe('it prints ***');
    await values.ended(a.progress);
    expect(a.scripts.at(-1)).toContain('rm -rf -- /run/meshbook/R1');
  });

  it('are not read where nobody takes them', async () => {
    const m = host('m', newToken());
    const { values } = exchange(m, []);
    values.heard(m.progress, ok);
    await values.ended(m.progress);
    expect(m.scripts).toEqual([]);
    expect(values.atOnce).toBe(1);
  });

  it('are read at once, and once, from a host that has them already', async () => {
    const [m, a, b] = [host('m', newToken()), host('a'), host('b')];
    const { values } = exchange(m, [a, b], false);
    values.heard(a.progress, wait);
    values.heard(b.progress, wait);
    await settled();
    expect([reads(m), a.scripts.length, b.scripts.length]).toEqual([1, 1, 1]);
  });

  it('will not come from a host that has ended without giving them: who waits is told to stop', async () => {
    const [m, a] = [host('m', newToken()), host('a')];
    const { values, troubles } = exchange(m, [a]);
    values.heard(a.progress, wait);
    values.heard(m.progress, { type: 'failed', id: '1', exitCode: 1, output: '' });
    await values.ended(m.progress);
    await settled();
    expect(troubles).toEqual([
      ['a', expect.objectContaining({ message: "m does not give the swarm's join token" })],
    ]);
    expect(a.scripts).toEqual([expect.stringContaining('/R1/main/stop')]);
    expect(reads(m)).toBe(0);
  });

  it('are nothing that merely looks like one', async () => {
    const [m, a] = [host('m', 'Error: this node is no manager'), host('a')];
    const { values, troubles } = exchange(m, [a]);
    values.heard(m.progress, ok);
    values.heard(a.progress, wait);
    await settled();
    expect(troubles.map(([, { message }]) => message)).toEqual(["m does not give the swarm's join token"]);
    expect(a.scripts).toEqual([expect.stringContaining('/R1/main/stop')]);
  });

  it('let hosts that give and take run at the same time, the givers first', () => {
    const [m, a, b] = [host('m'), host('a'), host('b')];
    const { values } = exchange(m, [a, b]);
    expect(values.atOnce).toBe(3);
    expect(values.inOrder().map(({ target }) => target.name)).toEqual(['m', 'a', 'b']);
  });
});
