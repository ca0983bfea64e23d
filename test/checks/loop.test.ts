import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type LoopCount, loopResults } from '../../src/checks/loop-results.ts';
import { listenScript, readLoopAnswer, sendScript } from '../../src/checks/loop-script.ts';

const mark = 'c0ffee';

describe('the output of a loop script', () => {
  it('is read as far as it has arrived', () => {
    expect(readLoopAnswer(`${mark} re`, mark)).toEqual({ sent: false, ended: false, heard: new Map() });
    expect(readLoopAnswer(`${mark} ready 42\n${mark} hea`, mark)).toMatchObject({ pid: 42, ended: false });
    expect(
      readLoopAnswer(`${mark} ready 42\n${mark} heard 0 1\n${mark} heard 2 318\n${mark} end\n`, mark),
    ).toEqual({
      pid: 42,
      sent: false,
      ended: true,
      heard: new Map([
        [0, 1],
        [2, 318],
      ]),
    });
    expect(readLoopAnswer(`${mark} cannot no interface br0\n`, mark).cannot).toBe('no interface br0');
    expect(readLoopAnswer(`${mark} sent\n`, mark).sent).toBe(true);
  });

  it.each([
    'hello\n',
    `${mark} ready 1; reboot\n`,
    `${mark} ready 0\n`,
    `${mark} heard x 1\n`,
    `ffff end\n`,
    `${mark}\n`,
  ])('is refused if it is %j', (output) => {
    expect(() => readLoopAnswer(output, mark)).toThrow(/no check of ours/);
  });
});

describe('a loop script, run by a real sh', () => {
  const answer = (script: string, env: Record<string, string>) => {
    const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env });
    return { ...readLoopAnswer(stdout, mark), stderr };
  };

  it.each([
    ['a listener', listenScript('nothing0', mark, 5).text],
    ['a sender', sendScript('nothing0', mark, 1).text],
  ])("says why it can't be %s", (_, script) => {
    expect(answer(script, { PATH: '/nowhere' })).toMatchObject({
      cannot: 'perl is not installed',
      stderr: '',
    });
    expect(answer(script, { PATH: process.env.PATH ?? '' })).toMatchObject({
      cannot: 'no interface nothing0',
      stderr: '',
    });
  });
});

describe('a round of broadcasts', () => {
  const tasks = [
    ['a', 'b'],
    ['b', 'a'],
  ].map(([source = '', target = '']) => ({
    check: 3,
    source,
    target,
    action: { kind: 'loop', params: { interface: 'br0' } } as const,
    timeout: 1,
    retry: 5,
  }));
  const ear = (heard: Record<string, number>, cannot?: string): LoopCount => ({
    heard: new Map(Object.entries(heard)),
    ...(cannot === undefined ? {} : { cannot }),
  });
  const told = (ears: Record<string, LoopCount>) =>
    loopResults(tasks, new Map(Object.entries(ears))).map(
      ({ check, source, target, state, output }) => `${check} ${source}>${target} ${state} ${output}`,
    );

  it.each<[string, Record<string, LoopCount>, string[]]>([
    ['heard once', { a: ear({ b: 1 }), b: ear({ a: 1 }) }, ['3 a>b ok ', '3 b>a ok ']],
    [
      'heard twice',
      { a: ear({ b: 1 }), b: ear({ a: 2 }) },
      ['3 a>b failed one broadcast arrived 2 times: there is a loop', '3 b>a ok '],
    ],
    [
      'not heard',
      { a: ear({ b: 1 }), b: ear({}) },
      ['3 a>b unknown the broadcast did not arrive', '3 b>a ok '],
    ],
    [
      'back at its sender',
      { a: ear({ b: 1, a: 1 }), b: ear({ a: 1 }) },
      ['3 a>b ok ', '3 b>a ok ', '3 a>a failed a broadcast came back to its sender 1 times: there is a loop'],
    ],
    [
      "with a host that can't take part",
      { a: ear({}), b: ear({}, 'perl is not installed') },
      [
        "3 a>b unknown can't listen on b: perl is not installed",
        "3 b>a unknown can't send on b: perl is not installed",
      ],
    ],
    ['with a host that is gone', { a: ear({}) }, []],
  ])('%s', (_, ears, expected) => {
    expect(told(ears)).toEqual(expected);
  });
});
