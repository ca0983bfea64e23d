import { expect, it } from 'vitest';
import { hasLogCommands, withoutLogCommands } from '../../../src/report/text/log-commands.ts';

it.each([
  ['::stop-commands::x', '\\x3a:stop-commands::x'],
  ['first\n  ::add-mask::x', 'first\n  \\x3a:add-mask::x'],
  ['a ##[add-path]/x', 'a \\x23#[add-path]/x'],
  ['##vso[task.setvariable variable=x]y', '\\x23#vso[task.setvariable variable=x]y'],
  ['##VSO[task.complete]', '\\x23#VSO[task.complete]'],
  ['##TeamCity[buildStop]', '\\x23#TeamCity[buildStop]'],
  ["##teamcity[buildStop comment='x']", "\\x23#teamcity[buildStop comment='x']"],
])('escapes commands of CI logs: %j', (text, shown) => {
  expect(withoutLogCommands(text)).toBe(shown);
});

it.each(['::1 localhost', 'a ::error::x', 'fd00::1/64', '### Plan', 'ovs::bridge'])(
  'keeps other text: %j',
  (text) => {
    expect(withoutLogCommands(text)).toBe(text);
  },
);

it('recognises logs with commands by the environment', () => {
  expect(hasLogCommands({ GITHUB_ACTIONS: 'true' })).toBe(true);
  expect(hasLogCommands({ TF_BUILD: 'True' })).toBe(true);
  expect(hasLogCommands({ TEAMCITY_VERSION: '2025.1' })).toBe(true);
  expect(hasLogCommands({ CI: 'true', GITHUB_ACTIONS: '' })).toBe(false);
});
