import { describe, expect, it } from 'vitest';
import { limitedHosts } from '../../src/commands/play/limited-hosts.ts';
import { InvalidInput } from '../../src/diagnostics/errors.ts';

describe('--limit among the hosts of a run, without an inventory', () => {
  it.each([
    [undefined, ['web1', 'web2', 'db']],
    ['web1', ['web1']],
    ['web*', ['web1', 'web2']],
    ['~.*2$', ['web2']],
    ['all:!db', ['web1', 'web2']],
    ['web1,db', ['web1', 'db']],
  ])('%s', (limit, hosts) => {
    expect([...limitedHosts(['web1', 'web2', 'db'], limit)]).toEqual(hosts);
  });

  it.each(['mail', 'mail*'])('%s, which matches no host, is refused', (limit) => {
    expect(() => limitedHosts(['web1', 'db'], limit)).toThrow(InvalidInput);
  });
});
