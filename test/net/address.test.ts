import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, whyNoTunnel } from '../../src/net/address.ts';

describe('parseAddress', () => {
  it.each([
    ['10.0.0.5', '10.0.0.5'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0000:0000:0000:000a', '2001:db8::a'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], // a single group of zeros is kept (RFC 5952, 4.2.2)
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'], // the longest run
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'], // the first of equal runs
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['fe80::', 'fe80::'],
  ])('reads %s and prints it as %s', (text, canonical) => {
    const { value } = parseAddress(text);
    expect(value && formatAddress(value)).toBe(canonical);
  });

  it.each([
    ['', /is not an IP address/],
    ['docker1', /is not an IP address/],
    ['10.0.0', /is not an IP address/],
    ['10.0.0.256', /is not an IP address/],
    ['10.0.0.05', /is not an IP address/],
    [' 10.0.0.5', /is not an IP address/],
    ['10.0.0.5\n', /'10.0.0.5\\n' is not an IP address/],
    ['10.0.0.5/24', /is not an IP address/],
    ['0x0a.0.0.5', /is not an IP address/],
    ['1::2::3', /is not an IP address/],
    [':::', /is not an IP address/],
    ['12345::', /is not an IP address/],
    ['fe80::1%eth0', /zone id/],
    ['::ffff:10.0.0.5', /IPv4 address inside/],
    ['64:ff9b::10.0.0.5', /IPv4 address inside/],
    ['::ffff:a00:5', /IPv4-mapped IPv6 address; write 10\.0\.0\.5/],
  ])('refuses %j', (text, error) => {
    expect(parseAddress(text).error).toMatch(error);
  });

  it('reads back whatever it prints', () => {
    const v4 = fc.bigInt({ min: 0n, max: 0xffffffffn }).map((value) => ({ version: 4 as const, value }));
    const v6 = fc
      .bigInt({ min: 0n, max: (1n << 128n) - 1n })
      .filter((value) => value >> 32n !== 0xffffn)
      .map((value) => ({ version: 6 as const, value }));
    const sparse = fc
      .array(fc.constantFrom(0n, 0n, 0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 })
      .map((groups) => groups.reduce<bigint>((all, group) => (all << 16n) | group, 0n))
      .filter((value) => value >> 32n !== 0xffffn)
      .map((value) => ({ version: 6 as const, value }));
    fc.assert(
      fc.property(fc.oneof(v4, v6, sparse), (address) => {
        const text = formatAddress(address);
        expect(parseAddress(text).value).toEqual(address);
        // The platform's URL parser also prints IPv6 by RFC 5952.
        if (address.version === 6) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
    );
  });
});

it.each([
  ['10.0.0.1', undefined],
  ['126.255.255.255', undefined],
  ['127.0.1.1', /loopback/],
  ['128.0.0.1', undefined],
  ['0.0.0.0', /not a host address/],
  ['224.0.0.1', /not a host address/],
  ['255.255.255.255', /not a host address/],
  ['fd00::1', undefined],
  ['::1', /loopback/],
  ['fe7f::1', undefined],
  ['fe80::1', /link-local/],
  ['febf::1', /link-local/],
  ['fec0::1', undefined],
  ['::', /not a host address/],
  ['ff02::1', /not a host address/],
])('whether %s can be a tunnel endpoint: %s', (text, why) => {
  const { value } = parseAddress(text);
  const said = value && whyNoTunnel(value);
  if (why === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(why);
});
