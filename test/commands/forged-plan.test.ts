import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SavedHead, SavedHost, SavedPlan } from '../../src/saved/saved-plan.ts';
import { forged, sealed } from '../saved/plan-sum.ts';
import { freePort, type Sshd, startSshd } from '../transport/sshd.ts';
import { type BuiltCli, buildCli } from './built-cli.ts';

let cli: BuiltCli;
let sshd: Sshd;
/** Only a forger's command makes this file. */
let evil: string;

beforeAll(async () => {
  cli = buildCli();
  sshd = await startSshd();
  evil = join(sshd.dir, 'evil-ran');
}, 120_000);
afterAll(async () => {
  await sshd?.stop();
  cli?.remove();
});

const harmless = 'echo harmless';
const guard = 'test -e /etc/harmless-x';

/** A folder with the saved plan of some steps on docker1, made over SSH. */
function planned(...steps: readonly object[]) {
  const inventory = (port: number) =>
    JSON.stringify({
      hosts: { docker1: { address: '127.0.0.1' } },
      ssh: {
        user: 'root',
        port,
        identity_file: sshd.key,
        known_hosts: sshd.knownHosts,
        connect_timeout: 10,
      },
    });
  const folder = cli.files({
    'inv.yml': inventory(sshd.port),
    'pb.yml': JSON.stringify({ hosts: 'all', steps }),
  });
  const file = join(folder, 'lab.plan');
  const made = cli.run(['plan', '-i', 'inv.yml', 'pb.yml', '-o', 'lab.plan'], { cwd: folder });
  expect(made).toMatchObject({ exitCode: 0 });
  const { meshbook_plan: _, sha256: __, hosts, ...head } = JSON.parse(readFileSync(file, 'utf8'));
  const [host] = hosts as [SavedHost];
  return {
    host,
    plan: { head: head as SavedHead, hosts: hosts as SavedHost[] },
    write: (text: string) => writeFileSync(file, text),
    moveTo: (port: number) => writeFileSync(join(folder, 'inv.yml'), inventory(port)),
    run: (...args: string[]) => cli.run([...args, 'lab.plan'], { cwd: folder, env: { COLUMNS: '400' } }),
  };
}

const command = (run: string) => ({ name: 'One', command: { run, unless: guard } });

/** The plan with a different host entry. */
const withHost = (plan: SavedPlan, host: Partial<SavedHost>): SavedPlan => ({
  ...plan,
  hosts: plan.hosts.map((one) => ({ ...one, ...host })),
});

/** The host's steps, the first of them with different params. */
const withParams = ({ steps: [first, ...rest] }: SavedHost, params: Readonly<Record<string, unknown>>) => [
  { ...(first ?? expect.fail()), params: { ...first?.params, ...params } },
  ...rest,
];

describe('an apply of a saved plan does what it shows, whoever sealed it again:', () => {
  it('steps that do something else than shown are not carried out', () => {
    const good = planned(command(harmless));
    const bad = planned(command(`touch ${evil}`)).host;
    // The forger uses the fingerprint of what is done, not of what is shown.
    good.write(sealed(withHost(good.plan, { ...bad, plan: good.host.plan })));
    for (const command of ['show', 'apply']) {
      const { exitCode, stderr } = good.run(command);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('/hosts/0/fingerprint is not that of what the file says of the host'),
      });
    }
    good.write(forged(withHost(good.plan, { steps: bad.steps })));
    expect(good.run('show').stdout).toContain(harmless);
    const { exitCode, stdout, stderr } = good.run('apply');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('Nothing was changed anywhere'),
    });
    expect(stdout).toContain(`it would now run command touch ${evil}`);
    expect(existsSync(evil)).toBe(false);
  });

  it('a guard that is not shown is not run', () => {
    const { plan, host, write, run } = planned(command(harmless));
    const other = `touch ${evil}; false`;
    write(forged(withHost(plan, { steps: withParams(host, { unless: other }) })));
    const { exitCode, stderr } = run('apply');
    expect(existsSync(evil)).toBe(false);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        `lab.plan doesn't show what it would ask docker1: step 1, One: unless ${other}`,
      ),
    });
  });

  it("the machine is the plan's, even if its secrets and facts are read first", async () => {
    const path = join(sshd.dir, 'key');
    const content = 'on {{ facts.os.hostname }}\n';
    const { moveTo, run } = planned({ name: 'Key', file: { path, content, secret: true } });
    // So the host is refused, and not changed.
    writeFileSync(path, 'mine');
    moveTo(await freePort());
    const { exitCode, stdout } = run('apply');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('the host has changed since the plan was made'),
    });
  });
});
