import { describe, expect, it } from 'vitest';
import { kinds } from '../../src/kinds/registry.ts';
import { sources } from './sources.ts';

const names = [...kinds.keys()];

/** Where a kind's name means something else, or is meant for a reader. */
const exceptions: Readonly<Record<string, string>> = {
  'diagnostics/codes/': 'texts and playbooks for users',
  'lint/moving.ts': 'a hint: the kind that a user may want instead',
  'model/schema/words-elsewhere.ts': 'what the words of other tools are here, for users',
  'model/playbook/check.ts': 'checks have kinds of their own, `command` among them',
  'checks/tasks.ts': 'the same',
  'changes/uplink/uplink.ts':
    "the mark that its bridge bears on hosts, also of runs that are long over: it can't change",
  'changes/uplink/predict.ts': 'the same',
};

/** The lines of a source that name a kind, without comments. A name of one word counts only beside the word kind. */
function namingLines(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return code
    .split('\n')
    .filter((line) =>
      names.some((name) =>
        name.includes('_')
          ? new RegExp(`\\b${name}\\b`).test(line)
          : new RegExp(`['"\`]${name}['"\`]`).test(line) && /\bkinds?\b/i.test(line),
      ),
    );
}

const exceptionOf = (path: string) => Object.keys(exceptions).find((one) => path.startsWith(one));
const others = sources.filter(({ path }) => !path.startsWith('kinds/'));

describe('nothing outside kinds/ names a kind', () => {
  it.each(others.filter(({ path }) => exceptionOf(path) === undefined))('$path', ({ text }) => {
    expect(
      namingLines(text),
      'a kind says by `describes` what others want to know; a field called `kind` is better called `type`',
    ).toEqual([]);
  });

  it.each(others)('$path imports none', ({ imports }) => {
    const shared = /^kinds\/((registry|define-kind|described)\.ts$|shared\/)/;
    expect(imports.filter(({ to }) => to.startsWith('kinds/') && !shared.test(to))).toEqual([]);
  });

  it.each(Object.keys(exceptions))('except %s, which still does', (exception) => {
    const own = others.filter(({ path }) => exceptionOf(path) === exception);
    expect(own.flatMap(({ text }) => namingLines(text))).not.toEqual([]);
  });

  it('detects one', () => {
    expect(namingLines("if (step.kind === 'linux_bridge') return;")).toHaveLength(1);
    expect(namingLines("if (step.kind === 'file') return;")).toHaveLength(1);
    expect(namingLines('const needs = { ovs_bridge: [] };')).toHaveLength(1);
    expect(namingLines("// linux_bridge\nif (change.type === 'file') return;")).toEqual([]);
  });
});
