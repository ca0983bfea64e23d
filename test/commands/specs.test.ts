import { describe, expect, expectTypeOf, it } from 'vitest';
import type { playOptions } from '../../src/commands/specs/options.ts';
import { commands } from '../../src/commands/specs/registry.ts';
import { type CommandSpec, command, flag, type OptionsOf, value } from '../../src/commands/specs/spec.ts';
import { duration, notEmpty, positiveInteger, tags } from '../../src/commands/specs/values.ts';

const every = (specs: readonly CommandSpec[]): CommandSpec[] =>
  specs.flatMap((spec) => [spec, ...every(spec.commands ?? [])]);

/** As Commander names it. */
function nameOf(flags: string): string {
  const [, name = ''] = /--(?:no-)?([a-z-]+)/.exec(flags) ?? [];
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

describe('specs of commands', () => {
  it.each(every(commands))('$usage names only its own options', ({ options }) => {
    const names = options.map(({ flags }) => nameOf(flags));
    expect(new Set(names).size).toBe(names.length);
    const named = options.flatMap(({ conflicts = [], implies = {} }) => [
      ...conflicts,
      ...Object.keys(implies),
    ]);
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(every(commands).filter(({ load }) => load !== undefined))('$usage has code', async ({ load }) => {
    expect(await load?.()).toBeTypeOf('function');
  });

  it('the types of options are those of their values', () => {
    const options = [
      flag('-y, --yes', 'a flag'),
      flag('--no-confirm', 'one that is true unless it is given'),
      value('-f, --forks <n>', 'with a default', { parse: positiveInteger, default: 50 }),
      value('--state-dir <folder>', 'required', { required: true }),
      value('--on-failure <what>', 'a choice', { choices: ['keep', 'undo_all'] }),
      value('--to <run>', 'a text'),
    ] as const;
    expectTypeOf<OptionsOf<typeof options>>().toEqualTypeOf<
      { readonly confirm: boolean } & { readonly forks: number } & { readonly stateDir: string } & {
        readonly yes?: boolean;
      } & { readonly onFailure?: 'keep' | 'undo_all' } & { readonly to?: string }
    >();
    expectTypeOf<OptionsOf<typeof playOptions>['skipTags']>().toEqualTypeOf<readonly string[]>();
  });

  it('a function that reads its options otherwise does not compile', () => {
    const number = (_: string, { forks }: { readonly forks: number }) => forks;
    const name = (given: string) => given.length;
    const text = ({ to }: { readonly to: string }) => to.length;
    const forks = [value('--forks <n>', 'a text, as nothing parses it', { default: '1' })] as const;
    const to = [value('--to <run>', 'may be left out')] as const;
    // @ts-expect-error: it reads a number
    command({ usage: 'one <name>', options: forks, load: async () => number });
    // @ts-expect-error: the name may be left out
    command({ usage: 'one [name]', options: [], load: async () => name });
    // @ts-expect-error: it counts on the option
    command({ usage: 'one', options: to, load: async () => text });
    command({ usage: 'one <name>', options: [], load: async () => name });
  });
});

describe('values of options', () => {
  it.each([
    ['10', 10],
    ['120s', 120],
    ['5m', 300],
    ['2h', 7200],
  ])('the duration %s is %d seconds', (text, seconds) => {
    expect(duration(text)).toBe(seconds);
  });

  it.each([
    [() => duration('0'), 'It must be a duration such as 120s or 5m.'],
    [() => duration('5d'), 'It must be a duration such as 120s or 5m.'],
    [() => positiveInteger('0'), 'It must be a whole number, at least 1.'],
    [() => positiveInteger('1.5'), 'It must be a whole number, at least 1.'],
    [() => notEmpty(''), 'It must not be empty.'],
    [() => tags('a,,b', []), 'It must be tags separated by commas.'],
  ])('%s is refused', (parse, message) => {
    expect(parse).toThrow(message);
  });

  it('tags add up', () => {
    expect(tags('b, c', ['a'])).toEqual(['a', 'b', 'c']);
  });
});
