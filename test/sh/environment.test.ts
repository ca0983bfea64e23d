import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environment } from '../../src/sh/environment.ts';
import { controlProgram } from '../../src/transaction/control.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { frameScript } from '../../src/transport/framing.ts';

/** Variables that root's start files, sshd_config or a unit may set. */
const odd = {
  POSIXLY_CORRECT: '1',
  SYSTEMD_COLORS: '1',
  GREP_OPTIONS: '-n',
  DOCKER_HOST: 'tcp://elsewhere',
  OVS_RUNDIR: '/elsewhere',
  TZ: 'Asia/Tokyo',
  LC_MESSAGES: 'de_DE.UTF-8',
  IFS: 'e',
  LINES_THAT_LOOK_LIKE_IT: 'x\nhttp_proxy=y\nUID=3',
  UID: '5',
  SHLVL: '2',
  PATH: '/elsewhere:/usr/bin:/bin',
};

const stays = {
  HOME: '/home/root',
  SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22',
  http_proxy: 'http://me:pass word@proxy:3128',
  MESHBOOK_SKIP: '1 2',
};

const shells = ['dash', 'bash --posix'].filter((shell) => existsSync(`/bin/${shell.split(' ')[0]}`));

describe.each(shells)('the environment of our scripts on hosts (%s)', (shell) => {
  const [program = '', ...args] = shell.split(' ');
  const inShell = (env: Record<string, string>, script: string) =>
    execFileSync(`/bin/${program}`, [...args, '-euc', `${environment.text}\n${script}`], {
      env,
      encoding: 'utf8',
    });

  it('is the same whatever variables the host sets: only listed variables are kept', () => {
    const known = JSON.parse(
      inShell({ ...odd, ...stays }, `exec ${process.execPath} -p 'JSON.stringify(process.env)'`),
    );
    // The shell's own.
    for (const name of ['PWD', 'OLDPWD', 'SHLVL', '_', 'UID']) delete known[name];
    expect(known).toEqual({
      ...stays,
      LC_ALL: 'C',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    });
  });

  it("splits words as usual, and sets HOME if systemd doesn't", () => {
    expect(
      inShell({ IFS: 'e' }, 'words="one two"; for word in $words; do echo "$word"; done; echo $HOME'),
    ).toBe('one\ntwo\n/root\n');
  });
});

it("begins every script on a host: those that are sent, host programs, and the transaction's control", () => {
  const scripts = [
    frameScript('true', 'nonce'),
    compileProgram({ name: 'main', changes: [], settles: [], order: [] }, 'a run'),
    controlProgram({ holder: 'me', confirmTimeout: 1, hardCap: 1 }),
  ];
  for (const script of scripts) expect(script).toContain(environment.text);
});
