import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isVault, labelOf, makeVault, openVault } from '../../src/secrets/vault.ts';

const program = '/usr/bin/ansible-vault';
const folder = mkdtempSync(join(tmpdir(), 'meshbook-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));

const contents: [string, Buffer][] = [
  ['a word', Buffer.from('correct-horse-battery')],
  ['lines', Buffer.from('a: 1\nb: "zwei"\n')],
  ['letters beyond ASCII', Buffer.from('schön 𝄞\n')],
  ['sixteen bytes, a whole block', Buffer.from('0123456789abcdef')],
  ['nothing', Buffer.alloc(0)],
  ['bytes that are no text', Buffer.from([0, 255, 10, 13, 0, 128])],
];

// Made by ansible-vault of ansible-core 2.14.
const fromAnsible = `$ANSIBLE_VAULT;1.2;AES256;prod
38653430386564623238373130613735653464663335376339303836373363373062623264616636
3431356266383736643434633831653263393761333662380a643765636561633733326234396130
35663632626263343139396436623837306239613762373439613362383937383835636431656438
3335386437353762390a353130396166653166663061636237383937383031663165616536363731
31313136626337653962633664343665393736306561363237616664333431323861
`;

describe('a vault', () => {
  it.each(contents)('holds %s', (_, content) => {
    const vault = makeVault(content, 'the password');
    expect(isVault(vault)).toBe(true);
    expect(openVault(vault, 'the password')).toEqual(content);
    expect(openVault(vault, 'another')).toBe('password');
  });

  it('that ansible-vault has made is opened', () => {
    expect(openVault(fromAnsible, 'the password')).toEqual(Buffer.from('correct-horse-battery\n'));
    expect(labelOf(fromAnsible)).toBe('prod');
  });

  it('is what ansible-vault makes, byte by byte', () => {
    const [, ...body] = fromAnsible.trim().split('\n');
    const [salt = ''] = Buffer.from(body.join(''), 'hex').toString().split('\n');
    const content = Buffer.from('correct-horse-battery\n');
    expect(makeVault(content, 'the password', 'prod', Buffer.from(salt, 'hex'))).toBe(fromAnsible);
  });

  it('may be indented and have line ends of Windows', () => {
    const vault = makeVault(Buffer.from('x'), 'p').replaceAll('\n', '\r\n    ');
    expect(openVault(`  ${vault}`, 'p')).toEqual(Buffer.from('x'));
  });

  it.each([
    ['of a version that nobody has written yet', (vault: string) => vault.replace(';1.1;', ';9.9;')],
    ['of another cipher', (vault: string) => vault.replace('AES256', 'ROT13')],
    ['of which only the first line is left', (vault: string) => vault.split('\n')[0] ?? ''],
    ['of which the end is cut off', (vault: string) => vault.slice(0, 200)],
  ])('%s is damaged', (_, damage) => {
    expect(openVault(damage(makeVault(Buffer.from('x'), 'p')), 'p')).toBe('damaged');
  });

  it('in which a letter is another is not opened', () => {
    const vault = makeVault(Buffer.from('x'), 'p');
    const last = vault.trimEnd().length - 1;
    const other = vault[last] === '1' ? '2' : '1';
    expect(openVault(vault.slice(0, last) + other, 'p')).toBe('password');
  });
});

describe.runIf(existsSync(program))('the program ansible-vault', () => {
  const password = join(folder, 'password');
  writeFileSync(password, 'the password\n');
  const run = (...args: string[]) =>
    execFileSync(program, args, { env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: folder }, stdio: 'pipe' });

  it.each([undefined, 'prod'])(
    'opens what meshbook encrypts, and meshbook what it encrypts, label %s',
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
