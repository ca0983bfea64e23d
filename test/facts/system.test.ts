import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FactQuery, Facts } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact, holds } from '../../src/facts/file.ts';
import { guardFact } from '../../src/facts/guard.ts';
import { declaredIn, ifupdownFact, withIfupdownFile } from '../../src/facts/ifupdown/ifupdown.ts';
import { openVswitchModule } from '../../src/facts/kernel-module.ts';
import { osFact } from '../../src/facts/os.ts';
import { packageFact } from '../../src/facts/package.ts';
import { sysctlFact, sysctlPath } from '../../src/facts/sysctl.ts';
import { udpPortFact } from '../../src/facts/udp-port.ts';
import { unitFact } from '../../src/facts/unit.ts';

const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
const captured = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

function parsed<T>(queries: readonly FactQuery<T>[], output: string): unknown[] {
  const keys = queries.map(({ key }) => key);
  const values = queries[0]?.family.parse(output, keys);
  return keys.map((key) => (values?.has(key) ? values.get(key) : 'unknown'));
}

describe('os', () => {
  it('reads Debian 12', () => {
    expect(parsed([osFact], captured('os/debian-12.txt'))).toEqual([
      {
        id: 'debian',
        id_like: [],
        version: '12',
        family: 'debian',
        kernel: '6.1.0-26-cloud-amd64',
        architecture: 'x86_64',
        hostname: 'docker1',
        uid: 0,
        systemd: true,
        machine: 'e3578d48bba8967a',
      },
    ]);
  });

  const release = (text: string) => parsed([osFact], `Linux h 6 x86_64\n1000\nno\n\n${text}`)[0];

  it.each([
    ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"', 'debian'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"', 'redhat'],
    ["ID=fedora\nVERSION_ID='41'", 'redhat'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'suse'],
    ['ID=alpine', 'alpine'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'debian'],
    ['NAME="Something"', 'unknown'],
  ])('%j is of the family %s', (text, family) => {
    expect(release(text)).toMatchObject({ family, uid: 1000, systemd: false });
  });

  it('has no machine if there is no machine-id', () => {
    expect(release('ID=alpine')).not.toHaveProperty('machine');
  });

  it('refuses an invalid answer', () => {
    expect(() => parsed([osFact], 'sh: uname: not found\n')).toThrow('no answer');
  });
});

describe('package', () => {
  it('reads what is installed, and what apt would install', () => {
    const queries = ['bridge-utils', 'iproute2', 'no-such-package'].map(packageFact);
    expect(parsed(queries, captured('package/one-of-three.txt'))).toEqual([
      { installed: null, candidate: '1.7.1-1' },
      { installed: '6.1.0-3', candidate: null },
      { installed: null, candidate: null },
    ]);
  });

  it('distinguishes removed and broken packages from working ones', () => {
    const queries = ['cron', 'man-db', 'mysql-server', 'nothing'].map(packageFact);
    expect(parsed(queries, captured('package/removed-and-half.txt'))).toEqual([
      { installed: null, candidate: '3.0pl1-162' },
      { installed: '2.11.2-2', candidate: null },
      { installed: null, candidate: null },
      { installed: null, candidate: null },
    ]);
  });

  it('reads rpm', () => {
    const output = 'bash installed 5.1.8-9.el9\npackage openvswitch is not installed\n';
    expect(parsed(['bash', 'openvswitch'].map(packageFact), output)).toEqual([
      { installed: '5.1.8-9.el9', candidate: null },
      { installed: null, candidate: null },
    ]);
  });
});

describe('unit', () => {
  it('reads units by their order', () => {
    expect(parsed(['ssh', 'nope'].map(unitFact), captured('unit/two.txt'))).toEqual([
      { load: 'loaded', active: 'active', file: 'enabled' },
      { load: 'not-found', active: 'inactive', file: '' },
    ]);
  });

  it('is null if systemd does not run', () => {
    expect(parsed([unitFact('ssh')], 'no systemd\n')).toEqual([null]);
  });

  it('refuses an answer of another length', () => {
    expect(() => parsed(['a', 'b'].map(unitFact), 'LoadState=loaded\n')).toThrow('1 units instead of 2');
  });

  it.each([
    ['ssh', 'ssh.service'],
    ['ssh.socket', 'ssh.socket'],
    ['dev-sda.device', 'dev-sda.device'],
    ['my.app', 'my.app.service'],
  ])('%s is %s', (name, key) => {
    expect(unitFact(name).key).toBe(key);
  });
});

describe('sysctl', () => {
  it('reads values, and distinguishes absent from unreadable ones', () => {
    const output = 'absent /proc/sys/net/nope\n/proc/sys/net/ipv4/tcp_rmem:4096\t131072\t33554432\n';
    expect(parsed(['net.nope', 'net.ipv4.tcp_rmem', 'net.ipv4.route.flush'].map(sysctlFact), output)).toEqual(
      [null, '4096 131072 33554432', 'unknown'],
    );
  });

  it.each([
    ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net/ipv4/conf/eth0.100/rp_filter', '/proc/sys/net/ipv4/conf/eth0.100/rp_filter'],
    ['net.ipv4.conf.eth0/100.rp_filter', '/proc/sys/net/ipv4/conf/eth0.100/rp_filter'],
  ])('%s is %s', (name, path) => {
    expect(sysctlPath(name)).toBe(path);
  });
});

describe('ifupdown', () => {
  it("reads Debian's own files", () => {
    expect(parsed([ifupdownFact], captured('ifupdown/debian.txt'))).toEqual([
      {
        dropIns: 'glob',
        declared: [
          { name: 'lo', file: '/etc/network/interfaces' },
          { name: 'eth0', file: '/etc/network/interfaces.d/eth0' },
        ],
      },
    ]);
  });

  it.each([
    ['source /etc/network/interfaces.d/*', 'glob'],
    ['  source interfaces.d/*', 'glob'],
    ['source-directory /etc/network/interfaces.d', 'directory'],
    ['source-directory interfaces.d/', 'directory'],
    ['source /etc/network/interfaces.d/*.cfg', null],
    ['source /etc/network/other/*', null],
  ])('%j includes the folder as %s', (line, dropIns) => {
    expect(parsed([ifupdownFact], `/etc/network/interfaces:${line}\n`)).toEqual([{ dropIns, declared: [] }]);
  });

  it('follows only what the main file says', () => {
    const output = '/etc/network/interfaces.d/x:source /etc/network/interfaces.d/*\n';
    expect(parsed([ifupdownFact], output)).toEqual([{ dropIns: null, declared: [] }]);
  });

  const main = '/etc/network/interfaces';
  const dropIn = `${main}.d`;
  const known = new Facts().with(ifupdownFact, {
    dropIns: 'glob',
    declared: [
      { name: 'lo', file: main },
      { name: 'eth0', file: `${dropIn}/eth0` },
      { name: 'eth1', file: '/etc/elsewhere/a' },
    ],
  });
  it.each([
    ['a new file', `${dropIn}/br0`, null, 'iface br0 inet dhcp\n', 'lo br0 eth0 eth1 glob'],
    ['one that is gone', `${dropIn}/eth0`, 'iface eth0 inet dhcp\n', null, 'lo eth1 glob'],
    ['one from elsewhere', '/etc/elsewhere/a', null, '# iface eth1 inet dhcp\n', 'lo eth0 glob'],
    ['a file that is not read', `${dropIn}/x/y`, null, 'iface x inet dhcp\n', 'lo eth0 eth1 glob'],
    [
      'the main file',
      main,
      '',
      'source-directory interfaces.d\niface a inet dhcp\niface b inet dhcp\n',
      'a b eth0 eth1 directory',
    ],
    ['the main file, gone', main, 'source interfaces.d/*', null, 'eth0 eth1 null'],
    [
      'the same elsewhere',
      main,
      'source /etc/elsewhere/*\n',
      'source /etc/elsewhere/*\niface a inet dhcp\n',
      'a eth0 eth1 glob',
    ],
  ])('follows what becomes of files: %s', (_, path, before, after, expected) => {
    const { declared, dropIns } = withIfupdownFile(known, path, before, after).get(ifupdownFact);
    expect([...declared.map(({ name }) => name), `${dropIns}`].join(' ')).toBe(expected);
  });

  it("can't know the declarations in newly included files", () => {
    const text = 'source /etc/new/*\n';
    expect(withIfupdownFile(known, main, '', text).state(ifupdownFact)).toEqual({
      unknown: `an earlier step changes which files ${main} takes in`,
    });
    expect(withIfupdownFile(new Facts(), main, '', text).state(ifupdownFact)).toBeUndefined();
  });

  it('finds declarations in a text', () => {
    expect(
      declaredIn('auto br0\n# iface br1 inet manual\n  iface\tbr0 inet static\niface br0:1 inet dhcp'),
    ).toEqual(['br0', 'br0:1']);
  });
});

describe('file', () => {
  const stat = (path: string) => `81a4/5/644/0/4242/root/UNKNOWN/${path}`;

  it('distinguishes text from binary files', () => {
    const output = [
      `${stat('/a')}\nbase64 aGVsbG8=`,
      `${stat('/b')}\nbase64 //4=`,
      `${stat('/c')}\nbase64 YQBi`,
      `${stat('/d')}\nsha256 0123abc  -`,
      `${stat('/e')}\nbase64 !`,
      `${stat('/f')}\nbase64 `,
      '',
    ].join('\n');
    const owned = { mode: '0644', owner: 'root', group: '4242' };
    expect(
      parsed(
        'abcdefg'.split('').map((name) => fileFact(`/${name}`)),
        output,
      ),
    ).toEqual([
      { kind: 'text', content: 'hello', ...owned },
      { kind: 'opaque', sha256: hash, ...owned },
      { kind: 'opaque', sha256: hash, ...owned },
      { kind: 'opaque', sha256: '0123abc', ...owned },
      'unknown',
      { kind: 'text', content: '', ...owned },
      null,
    ]);
  });

  it('reveals no content if only its hash is asked for', () => {
    expect(parsed([fileHashFact('/a')], `${stat('/a')}\nbase64 aGVsbG8=\n`)).toMatchObject([
      { kind: 'opaque', sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' },
    ]);
  });

  it('refuses what its query does not print', () => {
    expect(() => parsed([fileFact('/a')], 'sh: stat: not found\n')).toThrow('unexpected line');
    expect(() => parsed([fileFact('/a')], `${stat('/a')}\nsurprise\n`)).toThrow('unexpected line');
  });

  it('compares a file that is too long by its hash', () => {
    const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    const file = { kind: 'opaque', sha256, mode: '0644', owner: 'root', group: 'root' } as const;
    expect([holds(file, 'hello'), holds(file, 'hullo'), holds(null, '')]).toEqual([true, false, false]);
  });
});

describe('guard', () => {
  it('leaves out what a guard could not decide', () => {
    const queries = [{ creates: '/a' }, { unless: 'x' }, { only_if: 'y' }].map(guardFact);
    expect(parsed(queries, '0 0\n1 1\n2 2\n')).toEqual([true, false, 'unknown']);
  });

  it('has one key for one guard', () => {
    expect(guardFact({ chdir: '/', unless: 'x' }).key).toBe(guardFact({ unless: 'x', chdir: '/' }).key);
  });
});

describe('the openvswitch module', () => {
  it('is loaded, is not, or is unknown', () => {
    const said = (output: string) => parsed([openVswitchModule], output);
    expect([said('yes openvswitch\n'), said('no openvswitch\n'), said('')]).toEqual([
      [true],
      [false],
      ['unknown'],
    ]);
  });
});

describe('UDP ports', () => {
  it('are found among the sockets of this host', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    const other = port === 1 ? 2 : 1;
    const queries = [udpPortFact(port), udpPortFact(other)];
    const script = queries[0]?.family.query(queries.map(({ key }) => key)).text ?? '';
    const output = spawnSync('sh', ['-e'], { input: script, encoding: 'utf8' }).stdout;
    socket.close();
    expect(parsed(queries, output)[0]).toBe(true);
    expect(output.split('\n').filter((line) => line !== '')).toHaveLength(1);
  });
});
