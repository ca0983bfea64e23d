import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configReach } from '../../src/transport/config-reach.ts';
import { resolveEndpoint } from '../../src/transport/endpoint.ts';
import { SshConfig } from '../../src/transport/ssh-config.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'meshbook-config-'));
  file = join(dir, 'config');
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('what a configuration depends on', () => {
  it.each([
    ['nothing', 'no line at all', ''],
    [
      'nothing',
      "Debian's own file",
      'Include DIR/none.d/*.conf\n\nHost *\n#   Port 22\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n',
    ],
    ['nothing', 'a match for all', 'Match all\n  ForwardAgent no'],
    ['shared', 'an option before any host', 'User admin'],
    ['shared', 'an option for all hosts, with =', 'Host *\n  ConnectTimeout=5'],
    ['shared', 'a file included by a relative name', 'Include more/*.conf'],
    ['shared', 'an included file', 'Include DIR/more/*.conf'],
    ['per-host', 'a host', 'Host docker*\n  User admin'],
    ['per-host', 'a host left out', 'Host * !docker1\n  User admin'],
    ['per-host', 'a match', 'Match exec true\n  User admin'],
    ['per-host', 'a path that depends on the host', 'IdentityFile ~/.ssh/%h'],
    ['per-host', 'canonical names', 'CanonicalizeHostname yes'],
    ['per-host', 'a host name', 'HostName %h.example.com'],
    ['per-host', 'an include that we do not read', 'Include ~root/x'],
    ['per-host', 'a line that we do not read', '= 5'],
  ])('%s: %s', (reach, _, text) => {
    mkdirSync(join(dir, 'more'));
    writeFileSync(join(dir, 'more', 'a.conf'), 'Port 2222\n');
    writeFileSync(file, text.replaceAll('DIR', dir));
    expect(configReach(file, dir)).toBe(reach === 'nothing' ? 'none' : reach);
  });

  it('nothing: a missing file', () => {
    expect(configReach(join(dir, 'absent'), dir)).toBe('none');
  });

  it('per-host: a file that includes itself', () => {
    writeFileSync(file, 'Include config');
    expect(configReach(file, dir)).toBe('per-host');
  });
});

describe('an endpoint', () => {
  const resolve = async (text: string, ssh = {}, address = 'docker1') => {
    writeFileSync(file, text);
    return await resolveEndpoint('docker1', address, ssh, new SshConfig({ file }));
  };
  const home = userInfo().homedir;

  it('has defaults', async () => {
    expect(await resolve('')).toMatchObject({
      address: 'docker1',
      port: 22,
      user: userInfo().username,
      hostKeyName: 'docker1',
      connectTimeout: 15,
      keepalive: 15,
      knownHosts: expect.arrayContaining([`${home}/.ssh/known_hosts`, '/etc/ssh/ssh_known_hosts']),
      newKeysFile: `${home}/.ssh/known_hosts`,
      identitiesOnly: false,
    });
  });

  it('takes missing values from ssh_config', async () => {
    const text = `Host docker1
  HostName 10.0.0.1
  User admin
  Port 2222
  IdentityFile ~/.ssh/lab
  IdentityFile /keys/%r-%h
  IdentitiesOnly yes
  UserKnownHostsFile ~/.ssh/a /etc/b
  IdentityAgent /run/agent
  ProxyJump jump@gate:2200
  ConnectTimeout 7
  ServerAliveInterval 9
Host *
  User nobody
`;
    expect(await resolve(text)).toMatchObject({
      address: '10.0.0.1',
      port: 2222,
      user: 'admin',
      hostKeyName: '10.0.0.1',
      identities: [
        { path: `${home}/.ssh/lab`, explicit: false },
        { path: '/keys/admin-10.0.0.1', explicit: false },
      ],
      identitiesOnly: true,
      agent: '/run/agent',
      newKeysFile: `${home}/.ssh/a`,
      knownHosts: expect.arrayContaining([`${home}/.ssh/a`, '/etc/b']),
      proxyJump: 'jump@gate:2200',
      connectTimeout: 7,
      keepalive: 9,
    });
  });

  it('prefers the inventory', async () => {
    const ssh = {
      user: 'root',
      port: 22,
      identityFiles: ['/k'],
      knownHosts: ['/h'],
      proxyJump: 'other',
      connectTimeout: 1,
      keepalive: 0,
    };
    const text =
      'Host *\n User admin\n Port 2222\n IdentityFile /x\n UserKnownHostsFile /y\n ProxyCommand nc %h %p\n ConnectTimeout 9';
    const endpoint = await resolve(text, ssh);
    expect(endpoint).toMatchObject({
      user: 'root',
      port: 22,
      identities: [{ path: '/k', explicit: true }],
      inventoryKnownHosts: ['/h'],
      // An inventory adds files in which keys are looked up, never one to which they are added.
      knownHosts: ['/y', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      newKeysFile: '/y',
      proxyJump: 'other',
      connectTimeout: 1,
      keepalive: 0,
    });
    expect(endpoint.proxyCommand).toBeUndefined();
  });

  it('fills in a ProxyCommand', async () => {
    const endpoint = await resolve('Host docker1\n ProxyCommand nc -X 5 %h %p %% %r\n User u');
    expect(endpoint.proxyCommand).toBe('nc -X 5 docker1 22 % u');
  });

  it('knows its host key by an alias', async () => {
    expect(await resolve('Host docker1\n HostKeyAlias cluster\n Port 2222')).toMatchObject({
      hostKeyName: 'cluster',
      hostKeyPort: 22,
    });
  });

  it('asks once for all hosts if the configuration is the same for all', async () => {
    writeFileSync(file, 'User admin\nPort 2222');
    const config = new SshConfig({ file });
    const [a, b] = await Promise.all(
      ['docker1', 'docker2'].map((name) => resolveEndpoint(name, name, {}, config)),
    );
    expect(a).toMatchObject({ address: 'docker1', hostKeyName: 'docker1', user: 'admin', port: 2222 });
    expect(b).toMatchObject({ address: 'docker2', hostKeyName: 'docker2', user: 'admin', port: 2222 });
  });

  it('reports a configuration that ssh refuses', async () => {
    await expect(resolve('Host docker1\n  Porrt 22\n  Port x')).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining('line 2'),
    });
  });
});
