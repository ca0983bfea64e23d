import { describe, expect, it } from 'vitest';
import { formats } from '../../../src/model/schema/formats.ts';

const check = (format: string, text: string) => formats[format]?.(text);

describe('interface-name', () => {
  it.each(['eth0', 'ovs_bridge', 'a', 'x'.repeat(15), 'br-lan.10', 'ä'.repeat(7), '-x'])(
    'accepts %s',
    (name) => {
      expect(check('interface-name', name)).toBeUndefined();
    },
  );
  it.each([
    ['', "an interface's name can't be empty"],
    ['x'.repeat(16), `'${'x'.repeat(16)}' has 16 characters; an interface's name has at most 15`],
    ['ä'.repeat(8), "'ääääääää' takes 16 bytes; an interface's name has at most 15"],
    ['.', "'.' can't name an interface"],
    ['..', "'..' can't name an interface"],
    ['a/b', "an interface's name can't contain '/'"],
    ['a:b', "an interface's name can't contain ':'"],
    ['a b', "an interface's name can't contain white space"],
    ['a\tb', "an interface's name can't contain white space"],
    ['a;reboot', "an interface's name can't contain ';'"],
    ['$(reboot)', "an interface's name can't contain '$'"],
    ["it's", "an interface's name can't contain '''"],
  ])('refuses %j', (name, expected) => {
    expect(check('interface-name', name)).toBe(expected);
  });
});

describe('host-address', () => {
  it.each([
    '10.0.0.1',
    'fd00::1',
    'fe80::1%eth0',
    'docker1',
    'docker1.example.org',
    'my_host',
    'example.org.',
    'x'.repeat(63),
  ])('accepts %s', (text) => {
    expect(check('host-address', text)).toBeUndefined();
  });
  it.each([
    ['10.0.0.256', "'10.0.0.256' is not an IP address"],
    ['10.0.0', "'10.0.0' is not an IP address"],
    ['10.0.0.1/24', "'10.0.0.1/24' is not an address to connect to; leave out the prefix length"],
    ['10.0.0.1:22', "'10.0.0.1:22' has a port; write it as 'ssh: { port: … }'"],
    ['root@docker1', "'root@docker1' has a user; write it as 'ssh: { user: … }'"],
    ['', "a host's name can't be empty"],
    ['-oProxyCommand=x', "'-oProxyCommand=x' is not a host name: '=' is not allowed in it"],
    ['fe80:::1%eth0', "'fe80:::1' is not an IP address"],
    ['fd00::1%eth0', "'fd00::1%eth0' has a zone id, which means something on one machine only"],
    ['-x', "'-x' is not a host name: it begins with '-'"],
    ['a b', "'a b' is not a host name: ' ' is not allowed in it"],
    ['a..b', "'a..b' is not a host name: it has an empty part"],
    ['x'.repeat(64), `'${'x'.repeat(64)}' is too long: at most 63 characters between dots, and 253 in all`],
    [`${'x.'.repeat(127)}y`, expect.stringContaining('is too long')],
  ])('refuses %j', (text, expected) => {
    expect(check('host-address', text)).toEqual(expected);
  });
});

describe('address-or-interface-address', () => {
  it.each(['10.0.0.1', '10.0.0.1/24'])('accepts %s', (text) => {
    expect(check('address-or-interface-address', text)).toBeUndefined();
  });
  it.each(['10.0.0.0/24', '10.0.0', 'x'])('refuses %s', (text) => {
    expect(check('address-or-interface-address', text)).toBeTypeOf('string');
  });
});
