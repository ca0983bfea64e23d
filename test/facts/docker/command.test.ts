import { describe, expect, it } from 'vitest';
import {
  execStart,
  expands,
  flagValue,
  splitUnitFiles,
  variables,
  withoutFlags,
  words,
} from '../../../src/facts/docker/command.ts';

const unit = (text: string, path = '/lib/systemd/system/docker.service') => ({ path, text });
const bridge = { name: 'bridge', short: 'b' };
const icc = { name: 'icc', boolean: true } as const;

describe('splitUnitFiles', () => {
  it('finds each file in the output of systemctl cat, and takes no comment for a path', () => {
    const printed =
      '# /lib/a.service\n[Service]\n# a comment\nExecStart=/bin/a\n\n# /etc/a.service.d/b.conf\n[Service]\nExecStart=\n';
    expect(splitUnitFiles(printed)).toEqual([
      { path: '/lib/a.service', text: '[Service]\n# a comment\nExecStart=/bin/a\n' },
      { path: '/etc/a.service.d/b.conf', text: '[Service]\nExecStart=\n' },
    ]);
  });

  it('finds none if there is no unit', () => {
    expect(splitUnitFiles('')).toEqual([]);
  });
});

describe('execStart', () => {
  it.each([
    ['the plain case', ['[Service]\nExecStart=/usr/bin/dockerd -H fd://\n'], '/usr/bin/dockerd -H fd://'],
    [
      'a drop-in that resets it',
      ['[Service]\nExecStart=/a\n', '[Service]\nExecStart=\nExecStart=/b\n'],
      '/b',
    ],
    ['a reset without a new one', ['[Service]\nExecStart=/a\n', '[Service]\nExecStart=\n'], undefined],
    [
      'continued lines, with a comment among them',
      ['[Service]\nExecStart=/a \\\n# no\n  --b\n'],
      '/a    --b',
    ],
    ['another section', ['[Socket]\nExecStart=/a\n[Service]\nExecStart = /b\n'], '/b'],
    ['no unit', [], undefined],
  ])('%s', (_title, texts, expected) => {
    expect(execStart(texts.map((text) => unit(text)))).toBe(expected);
  });
});

describe('options on a command line', () => {
  it.each([
    ['dockerd --bridge=br0', 'br0', 'dockerd'],
    ['dockerd --bridge br0 -H fd://', 'br0', 'dockerd -H fd://'],
    ['dockerd -b br0 $DOCKER_OPTS', 'br0', 'dockerd $DOCKER_OPTS'],
    ['dockerd -b=br0', 'br0', 'dockerd'],
    ['dockerd "--bridge=br0" --label="a b"', 'br0', 'dockerd --label="a b"'],
    ['dockerd --bridge=br0 --bridge=br1', 'br1', 'dockerd'],
    ['dockerd --bridge-accept-fwmark=1', undefined, 'dockerd --bridge-accept-fwmark=1'],
  ])('%s', (command, value, rest) => {
    expect(flagValue(words(command), bridge)).toBe(value);
    expect(withoutFlags(words(command), [bridge]).join(' ')).toBe(rest);
  });

  it('a boolean takes no value of its own', () => {
    expect(flagValue(words('dockerd --icc -H fd://'), icc)).toBe('true');
    expect(withoutFlags(words('dockerd --icc -H fd://'), [icc])).toEqual(['dockerd', '-H', 'fd://']);
    expect(flagValue(words('dockerd --icc=false'), icc)).toBe('false');
  });

  it('an unquoted, a quoted and an escaped word are kept as written', () => {
    const command = `/usr/bin/dockerd 'a b' "c \\" d" e\\ f \${DOCKER_OPTS}`;
    expect(words(command)).toEqual(['/usr/bin/dockerd', "'a b'", '"c \\" d"', 'e\\ f', `\${DOCKER_OPTS}`]);
  });
});

describe('variables', () => {
  it('come from the unit and from its environment files', () => {
    const found = variables(
      [unit('[Service]\nEnvironment="DOCKER_OPTS=--mtu=1400 -D" OTHER=1\n')],
      [
        {
          path: '/etc/default/docker',
          text: '# DOCKER_OPTS="--dns 8.8.8.8"\nDOCKER_OPTS="-b br0"\nexport X\n',
        },
      ],
    );
    expect(found).toEqual([
      { path: '/lib/systemd/system/docker.service', name: 'DOCKER_OPTS', value: '--mtu=1400 -D' },
      { path: '/lib/systemd/system/docker.service', name: 'OTHER', value: '1' },
      { path: '/etc/default/docker', name: 'DOCKER_OPTS', value: '-b br0' },
    ]);
  });

  it.each([
    ['dockerd $DOCKER_OPTS', true],
    [`dockerd \${DOCKER_OPTS}`, true],
    ['dockerd $DOCKER_OPTS_MORE', false],
    ['dockerd', false],
  ])('%s expands DOCKER_OPTS: %s', (command, expected) => {
    expect(expands(command, 'DOCKER_OPTS')).toBe(expected);
  });
});
