import { describe, expect, it } from 'vitest';
import type { ResolvedHost } from '../../src/model/resolved.ts';
import { hostByHost, together } from '../../src/plan/host-by-host.ts';

const hosts = Array.from({ length: 20 }, (_, i) => ({
  resolved: { host: { name: `docker${i}` } } as unknown as ResolvedHost,
  number: i,
}));
const numbers = (some: readonly { number: number }[]) => some.map(({ number }) => number);

describe('work for every host', () => {
  it('fails for one of them, and is done for the others', () => {
    const { done, failed } = hostByHost(hosts, ({ number }) => {
      if (number === 7) throw new Error('seven');
      return number;
    });
    expect(done).toEqual(numbers(hosts).filter((number) => number !== 7));
    expect([...failed]).toEqual([['docker7', new Error('seven')]]);
  });
});

describe('work for all hosts at once', () => {
  it.each([[[]], [[0]], [[19]], [[3, 4, 5, 11]], [numbers(hosts)]])(
    'leaves out those for which it fails: %j',
    (bad) => {
      const { result, failed } = together(hosts, (some) => {
        const worst = some.find(({ number }) => bad.includes(number));
        if (worst !== undefined) throw new Error(`it fails for ${worst.number}`);
        return numbers(some);
      });
      expect(result).toEqual(numbers(hosts).filter((number) => !bad.includes(number)));
      expect([...failed]).toEqual(
        bad.map((number) => [`docker${number}`, new Error(`it fails for ${number}`)]),
      );
    },
  );

  it('leaves out the later one of two for which it fails together', () => {
    const { result, failed } = together(hosts, (some) => {
      if ([4, 12].every((number) => numbers(some).includes(number))) throw new Error('two');
      return numbers(some);
    });
    expect(result).toEqual(numbers(hosts).filter((number) => number !== 12));
    expect([...failed.keys()]).toEqual(['docker12']);
  });
});
