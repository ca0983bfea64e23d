import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { labelOf, makeVault, openVault } from '../../src/secrets/vault.ts';
import { contents } from '../secrets/vault-contents.ts';
import { folder, stateDir } from './cli.ts';

const program = '/usr/bin/ansible-vault';

describe.skipIf(stateDir === '')('the program ansible-vault', () => {
  beforeAll(() => {
    if (existsSync(program)) return;
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const words of [['update'], ['install', '-y', '--no-install-recommends', 'ansible-core']])
      execFileSync('apt-get', ['-q', ...words], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  });

  const password = join(folder, 'password');
  writeFileSync(password, 'the password\n');
  const run = (...args: string[]) =>
    execFileSync(program, args, { env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: folder }, stdio: 'pipe' });

  it.each([undefined, 'prod'])(
    'opens what meshbook encrypts, and meshbook opens what it encrypts, label %s',
    (label) => {
      const files = contents.map((_, i) => join(folder, `vault${i}`));
      const source = `${label ?? 'default'}@${password}`;
      for (const [i, [, content]] of contents.entries())
        writeFileSync(files[i] ?? '', makeVault(content, 'the password', label));
      run('decrypt', '--vault-id', source, ...files);
      expect(files.map((file) => readFileSync(file))).toEqual(contents.map(([, content]) => content));
      run('encrypt', '--vault-id', source, ...files);
      const vaults = files.map((file) => readFileSync(file, 'utf8'));
      expect(vaults.map(labelOf)).toEqual(contents.map(() => label));
      expect(vaults.map((vault) => openVault(vault, 'the password'))).toEqual(
        contents.map(([, content]) => content),
      );
    },
  );
});
