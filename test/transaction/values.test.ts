import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

const token = 'SWMTKN-1-3pu6hszjas19xyp7ghgosyx9k8atbfcr8p2is99znpy26u2lkl-1awxwuwd3z9j1z3puu7rcgdbx';
const change: Change = {
  type: 'swarm',
  before: null,
  after: { role: 'worker', manager: 'docker1', address: '192.0.2.11' },
};

// The program is run by this machine's sh; only the Docker daemon is a script, which answers with an error.
let folder: string;
let values: string;
const at = (name: string) => join(folder, 'main', name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-values-'));
  values = join('/run/meshbook', basename(folder));
  mkdirSync(at('before/1'), { recursive: true });
  const steps = [{ index: 0, name: 'a step', kind: 'swarm', changes: [change], unknowns: [] }];
  const [stage] = stagesOf({ host: 'docker2', steps });
  if (stage === undefined) throw new Error('no stage');
  writeFileSync(at('journal'), '');
  writeFileSync(
    join(folder, 'daemon'),
    `cat "/proc/$PPID/cmdline" "/proc/$$/cmdline" >${folder}/argv
printf 'HTTP/1.0 500 Internal Server Error\\r\\n\\r\\n'
head -n 5 | tail -n 1 | head -c 400`,
  );
  const program = compileProgram(stage, 'a test');
  expect(program).toContain('docker system dial-stdio');
  writeFileSync(at('program'), program.replace('docker system dial-stdio', `sh ${folder}/daemon`));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(values, { recursive: true, force: true });
});

function apply() {
  return spawn('sh', [at('program'), 'apply'], { stdio: 'ignore' });
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await new Promise((go) => setTimeout(go, 20)))
    if (Date.now() > end) throw new Error('it does not come');
}

const events = () =>
  existsSync(at('apply.events')) ? readFileSync(at('apply.events'), 'utf8').replaceAll('\0', '') : '';

describe('a program that takes a value of another host', () => {
  it('waits for it before it begins the change, and stops on request', async () => {
    const program = apply();
    await until(() => events() === 'wait 1\n');
    writeFileSync(at('stop'), '');
    await once(program, 'exit');
    expect(events()).toBe('wait 1\nend stopped\n');
    expect(readFileSync(at('journal'), 'utf8')).toBe('');
  });

  it('passes it on stdin, shows it to nobody, and removes it', async () => {
    const program = apply();
    await until(() => events() === 'wait 1\n');
    mkdirSync(values, { recursive: true, mode: 0o700 });
    writeFileSync(join(values, 'swarm-worker-token@docker1'), token, { mode: 0o600 });
    await once(program, 'exit');
    expect(existsSync(values)).toBe(false);
    expect(events()).toMatch(/^wait 1\nbegin 1\nfailed 1 1 \S+.*\nend failed\n$/);
    const output = Buffer.from(/^failed 1 1 (\S+)/m.exec(events())?.[1] ?? '', 'base64').toString();
    // The daemon was asked, and its answer was printed.
    expect(output).toContain('Docker does not join the swarm');
    expect(output).toContain('"JoinToken":"***"');
    expect(readFileSync(join(folder, 'argv'), 'utf8')).toContain('daemon');
    for (const file of [join(folder, 'argv'), at('apply.events'), at('program'), at('journal')])
      expect(readFileSync(file, 'utf8') + output, file).not.toContain(token.slice(9));
  });
});
