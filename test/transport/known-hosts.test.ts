import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint, judge, linesAbout, parseKnownHosts } from '../../src/transport/known-hosts.ts';
import { keygen } from './sshd.ts';

let dir: string;
/** As written in files: `type base64`. */
const text: Record<string, string> = {};
const blob = (name: string) => Buffer.from(text[name]?.split(' ')[1] ?? '', 'base64');

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'meshbook-known-'));
  for (const [name, type] of [
    ['good', 'ed25519'],
    ['other', 'ed25519'],
    ['ecdsa', 'ecdsa'],
  ] as const) {
    keygen(join(dir, name), type);
    text[name] = readFileSync(join(dir, `${name}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  }
});
afterAll(() => rmSync(dir, { recursive: true }));

/** `GOOD`, `OTHER`, `ECDSA` stand for keys; the host has GOOD. */
function verdict(lines: string, host: string, port = 22) {
  const content = lines.replace(/GOOD|OTHER|ECDSA/g, (name) => text[name.toLowerCase()] ?? '');
  return judge(linesAbout(parseKnownHosts(content, 'known_hosts'), host, port), blob('good'));
}

describe('a host is known by', () => {
  it.each([
    ['its name', 'docker1 GOOD', 'docker1', 22],
    ['its name in another case', 'Docker1.Example.COM GOOD', 'docker1.EXAMPLE.com', 22],
    ['one name of a list', 'docker2,docker1,10.0.0.1 GOOD', '10.0.0.1', 22],
    ['name and port', '[docker1]:2222 GOOD', 'docker1', 2222],
    ['an IPv6 address', 'fd00::1 GOOD', 'fd00::1', 22],
    ['an IPv6 address and port', '[fd00::1]:2222 GOOD', 'fd00::1', 2222],
    ['a pattern', '*.example.com GOOD', 'a.example.com', 22],
    ['a pattern over ports', '[docker?]:* GOOD', 'docker1', 2222],
    ['one of its keys', 'docker1 OTHER\ndocker1 GOOD', 'docker1', 22],
    ['a line with a comment after the key', 'docker1 GOOD root@docker1 installed 2020', 'docker1', 22],
    ['a line indented by tabs, with CRLF', '\t docker1\tGOOD\r\n', 'docker1', 22],
    ['the key of its plain name, on another port', 'docker1 GOOD', 'docker1', 2222],
    ['a line next to one from the SSH 1 era', 'docker1 1024 35 1234\ndocker1 GOOD', 'docker1', 22],
  ])('%s', (_, lines, host, port) => {
    expect(verdict(lines, host, port)).toEqual({ status: 'known' });
  });

  it.each([22, 2222])('its hashed name, as ssh-keygen -H writes it, on port %i', (port) => {
    const name = port === 22 ? 'docker1' : `[docker1]:${port}`;
    const file = join(dir, `hashed${port}`);
    writeFileSync(file, `elsewhere ${text.other}\n${name} ${text.good}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const lines = readFileSync(file, 'utf8');
    expect(lines).not.toContain('docker1');
    expect(verdict(lines, 'docker1', port)).toEqual({ status: 'known' });
    expect(verdict(lines, 'docker2', port)).toEqual({ status: 'unknown' });
  });
});

describe('a host is not known', () => {
  it.each([
    ['in an empty file', '', 'docker1', 22],
    ['by a comment', '# docker1 GOOD', 'docker1', 22],
    ['by a part of its name', 'docker GOOD', 'docker1', 22],
    ['on port 22 by a line for another port', '[docker1]:2222 GOOD', 'docker1', 22],
    ['by a pattern that excludes it', '*,!docker1 GOOD', 'docker1', 22],
    ['by a pattern that excludes it first', '!docker1,* GOOD', 'docker1', 22],
    ['by a negated pattern only', '!docker2 GOOD', 'docker1', 22],
    ['by a dot that is meant literally', '10.0.0.1 GOOD', '10x0x0x1', 22],
    ['by a key under the plain name that differs', 'docker1 OTHER', 'docker1', 2222],
  ])('%s', (_, lines, host, port) => {
    expect(verdict(lines, host, port)).toEqual({ status: 'unknown' });
  });

  it('by a certificate authority, which is reported', () => {
    expect(verdict('@cert-authority *.example.com OTHER', 'a.example.com')).toMatchObject({
      status: 'unknown',
      authority: { line: 1 },
    });
    expect(verdict('@cert-authority * GOOD', 'docker1')).toMatchObject({ status: 'unknown' });
  });
});

describe('a key has changed', () => {
  it.each([
    ['when another is listed', 'docker1 OTHER', 1],
    ['when one of another type is listed', '\n\ndocker1 ECDSA', 3],
    ['although the key is listed under the plain name', '[docker1]:2222 OTHER\ndocker1 GOOD', 1, 2222],
    ['and the line of its own type is reported', 'docker1 ECDSA\ndocker1 OTHER\ndocker1 ECDSA', 2],
  ])('%s', (_, lines, line, port = 22) => {
    expect(verdict(lines, 'docker1', port)).toMatchObject({ status: 'changed', stored: { line } });
  });
});

describe('a key is revoked', () => {
  it.each([
    ['for this host', '@revoked docker1 GOOD', 22],
    ['for all', '@revoked * GOOD', 22],
    ['although it is listed before', 'docker1 GOOD\n@revoked * GOOD', 22],
    ['although it is listed after', '@revoked * GOOD\ndocker1 GOOD', 22],
    ['under the plain name, for another port too', '[docker1]:2222 GOOD\n@revoked docker1 GOOD', 2222],
  ])('%s', (_, lines, port) => {
    expect(verdict(lines, 'docker1', port)).toMatchObject({ status: 'revoked' });
  });

  it('but not because another key is', () => {
    expect(verdict('@revoked * OTHER\ndocker1 GOOD', 'docker1')).toEqual({ status: 'known' });
  });
});

describe('when in doubt a host is not trusted:', () => {
  it.each([
    ['a marker that is misspelt', 'docker1 GOOD\n@revokd * GOOD', 2],
    ['a revocation without a readable key', 'docker1 GOOD\n@revoked docker1 ssh-ed25519 AAAA', 2],
    ['a line about the host that breaks off', 'docker1 ssh-ed25519', 1],
    ['a key of another type than stated', 'docker1 ssh-rsa KEY', 1],
    ['a key that is not base64', 'docker1 ssh-ed25519 AAAA$(x)', 1],
    ['a hash that is cut off', '|1|abc ssh-ed25519 AAAA', 1],
    ['a hash of an unknown kind', '|2|AAAA|AAAA GOOD', 1],
  ])('%s', (_, lines, line) => {
    expect(verdict(lines.replace('KEY', text.good?.split(' ')[1] ?? ''), 'docker1')).toMatchObject({
      status: 'unreadable',
      at: { line },
    });
  });

  it('binary garbage makes no host known', () => {
    const rubbish = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)).toString('utf8');
    expect(verdict(rubbish, 'docker1').status).not.toBe('known');
  });
});

it('prints a fingerprint as ssh-keygen does', () => {
  const printed = execFileSync('ssh-keygen', ['-lf', join(dir, 'good.pub')], { encoding: 'utf8' });
  expect(printed.split(' ')[1]).toBe(fingerprint(blob('good')));
});
