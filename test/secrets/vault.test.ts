import { describe, expect, it } from 'vitest';
import { isVault, labelOf, makeVault, openVault } from '../../src/secrets/vault.ts';
import { contents } from './vault-contents.ts';

// Made by ansible-vault of ansible-core 2.14.
const fromAnsible = `$ANSIBLE_VAULT;1.2;AES256;prod
38653430386564623238373130613735653464663335376339303836373363373062623264616636
3431356266383736643434633831653263393761333662380a643765636561633733326234396130
35663632626263343139396436623837306239613762373439613362383937383835636431656438
3335386437353762390a353130396166653166663061636237383937383031663165616536363731
31313136626337653962633664343665393736306561363237616664333431323861
`;

describe('a vault', () => {
  it.each(contents)('can contain %s', (_, content) => {
    const vault = makeVault(content, 'the password');
    expect(isVault(vault)).toBe(true);
    expect(openVault(vault, 'the password')).toEqual(content);
    expect(openVault(vault, 'another')).toBe('password');
  });

  it('made by ansible-vault can be opened', () => {
    expect(openVault(fromAnsible, 'the password')).toEqual(Buffer.from('correct-horse-battery\n'));
    expect(labelOf(fromAnsible)).toBe('prod');
  });

  it("equals ansible-vault's, byte for byte", () => {
    const [, ...body] = fromAnsible.trim().split('\n');
    const [salt = ''] = Buffer.from(body.join(''), 'hex').toString().split('\n');
    const content = Buffer.from('correct-horse-battery\n');
    expect(makeVault(content, 'the password', 'prod', Buffer.from(salt, 'hex'))).toBe(fromAnsible);
  });

  it('may be indented and have Windows line endings', () => {
    const vault = makeVault(Buffer.from('x'), 'p').replaceAll('\n', '\r\n    ');
    expect(openVault(`  ${vault}`, 'p')).toEqual(Buffer.from('x'));
  });

  it.each([
    ['of an unknown version', (vault: string) => vault.replace(';1.1;', ';9.9;')],
    ['of another cipher', (vault: string) => vault.replace('AES256', 'ROT13')],
    ['with only the first line', (vault: string) => vault.split('\n')[0] ?? ''],
    ['with the end cut off', (vault: string) => vault.slice(0, 200)],
  ])('%s is damaged', (_, damage) => {
    expect(openVault(damage(makeVault(Buffer.from('x'), 'p')), 'p')).toBe('damaged');
  });

  it("with one changed letter can't be opened", () => {
    const vault = makeVault(Buffer.from('x'), 'p');
    const last = vault.trimEnd().length - 1;
    const other = vault[last] === '1' ? '2' : '1';
    expect(openVault(vault.slice(0, last) + other, 'p')).toBe('password');
  });
});
