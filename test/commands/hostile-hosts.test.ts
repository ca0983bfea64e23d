import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileHost, honestly, hostileHost } from '../transport/hostile-host.ts';
import { type BuiltCli, buildCli, type CliResult } from './built-cli.ts';

let cli: BuiltCli;
beforeAll(() => {
  cli = buildCli();
}, 120_000);
afterAll(() => cli?.remove());

const root = { id: 'case $1 in -u) echo 0 ;; *) exec /usr/bin/id "$@" ;; esac' };
const playbook = 'hosts: all\nsteps:\n  - file: { path: /var/tmp/meshbook-never, content: x }\n';

/** The host `good` tells the truth, and `bad` lies. */
function inventory(good: HostileHost, bad: HostileHost): string {
  const of = ({ port, key, knownHosts }: HostileHost) => ({
    address: '127.0.0.1',
    ssh: { port, identity_file: key, known_hosts: knownHosts },
  });
  return JSON.stringify({ hosts: { good: of(good), bad: of(bad) }, ssh: { user: 'root' } });
}

/** Unlike `cli.run`, lets hosts of this process answer in the meantime. */
function run(args: readonly string[], cwd: string): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, HOME: cwd, COLUMNS: '400' };
    const child = spawn(process.execPath, [cli.bin, ...args], { cwd, env, stdio: 'pipe' });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      said.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...said }));
  });
}

describe('a host with malformed answers', () => {
  it.each([
    ['a null element', 'echo "[null]"; echo; echo "[null]"'],
    ['an invalid number', 'echo \'[{"ifname":"lo","mtu":1e400,"flags":[]}]\''],
    ['an endless list', 'yes "[" | head -c 200000'],
    ['no JSON', 'echo rubbish'],
  ])("(%s) doesn't affect the plans of others", async (_, ip) => {
    const [honest, lying] = [honestly(root), honestly({ ...root, ip })];
    const [good, bad] = [await hostileHost(honest.answer), await hostileHost(lying.answer)];
    try {
      const folder = cli.files({ 'inv.yml': inventory(good, bad), 'pb.yml': playbook });
      for (const format of ['text', 'json']) {
        const plan = await run(['plan', '-i', 'inv.yml', 'pb.yml', '--format', format], folder);
        expect(plan.exitCode, plan.stderr).toBe(0);
        expect(plan.stderr).not.toContain('bug');
        expect(plan.stdout).toContain('/var/tmp/meshbook-never');
      }
    } finally {
      honest.remove();
      lying.remove();
      await good.stop();
      await bad.stop();
    }
  });
});

describe('a host whose facts for templates are malformed', () => {
  const lies = { ...root, uname: 'printf "\\033[2Jevil\\n"' };
  const asking =
    'hosts: all\nsteps:\n  - file: { path: /var/tmp/meshbook-never, content: "{{ facts.os.id }}" }\n' +
    'checks:\n  - command: { run: "test {{ facts.os.id }}" }\n';

  it('makes those steps unknown, with the reason, and the others are planned', async () => {
    const [honest, lying] = [honestly(root), honestly(lies)];
    const [good, bad] = [await hostileHost(honest.answer), await hostileHost(lying.answer)];
    try {
      const folder = cli.files({ 'inv.yml': inventory(good, bad), 'pb.yml': asking });
      const why = "facts of the host, which are not known: the host's answer to uname and id can't be read";
      for (const [command, exitCode, told] of [
        ['plan', 0, ['/var/tmp/meshbook-never  on good', why]],
        ['drift', 2, ['/var/tmp/meshbook-never is missing  on good', why]],
        ['check', 0, ['1 check: 1 passed']],
        ['facts', 0, ['Facts of 2 hosts are in facts']],
      ] as const) {
        const more = command === 'facts' ? ['-o', 'facts'] : [];
        const result = await run([command, '-i', 'inv.yml', 'pb.yml', ...more], folder);
        expect(result.stderr).not.toContain('undefined-variable');
        expect(result.exitCode, result.stderr).toBe(exitCode);
        for (const text of told) expect(result.stdout).toContain(text);
      }
    } finally {
      honest.remove();
      lying.remove();
      await good.stop();
      await bad.stop();
    }
  }, 60_000);
});
