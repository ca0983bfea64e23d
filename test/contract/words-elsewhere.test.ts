import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionsElsewhere, withOptionHint } from '../../src/cli-elsewhere.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { hostSchema, inventorySchema } from '../../src/model/inventory/inventory-schema.ts';
import { checkKinds, checkParamsSchemas, reservedCheckKeys } from '../../src/model/playbook/check-schema.ts';
import { parsePlaybook } from '../../src/model/playbook/playbook.ts';
import { playbookSchema, reservedStepKeys } from '../../src/model/playbook/playbook-schema.ts';
import { sshSchema } from '../../src/model/schema/shared-schema.ts';
import {
  checkKeysElsewhere,
  kindsElsewhere,
  playbookKeysElsewhere,
  stepKeysElsewhere,
  varsElsewhere,
} from '../../src/model/schema/words-elsewhere.ts';
import { namesIn } from '../../src/template/context.ts';
import { filters } from '../../src/template/filters.ts';
import { namesElsewhere } from '../../src/template/names-elsewhere.ts';
import { predicates } from '../../src/template/predicates.ts';
import { renderValue } from '../../src/template/render.ts';
import { foreignFilters, foreignTests } from '../../src/template/unknown.ts';
import { factsOf, kindNames, resolved, stepsOf } from '../resolve/play.ts';
import { document } from '../source/document.ts';
import { nowhere } from '../template/source.ts';

/** The hints for a playbook, by what is wrong. */
function hintsFor(text: string): (string | undefined)[] {
  return parsePlaybook(document(text, 'pb.yml'), kindNames).diagnostics.map(({ hint }) => hint);
}

function templateHints(text: string): readonly Diagnostic[] {
  return renderValue(text, namesIn({}), nowhere, []).diagnostics;
}

const steps = 'steps: [{ file: { path: /a } }]';
const tables = {
  'a key of a step': {
    words: stepKeysElsewhere,
    ours: reservedStepKeys,
    hints: (word: string) => hintsFor(`hosts: all\nsteps: [{ file: { path: /a }, ${word}: x }]`),
  },
  'a key of a step that has nothing else': {
    words: stepKeysElsewhere,
    ours: reservedStepKeys,
    hints: (word: string) => hintsFor(`hosts: all\nsteps: [{ ${word}: x }]`),
  },
  'a module': {
    words: kindsElsewhere,
    ours: [...kinds.keys()],
    hints: (word: string) => hintsFor(`hosts: all\nsteps: [{ ${word}: x }]`),
  },
  "a module with its collection's name": {
    words: kindsElsewhere,
    ours: [...kinds.keys()],
    hints: (word: string) => hintsFor(`hosts: all\nsteps: [{ ansible.builtin.${word}: x }]`),
  },
  'a key of a playbook': {
    words: playbookKeysElsewhere,
    ours: Object.keys(playbookSchema.properties),
    hints: (word: string) => hintsFor(`hosts: all\n${steps}\n${word}: x`),
  },
  'a key of a check': {
    words: checkKeysElsewhere,
    ours: [...checkKinds, ...reservedCheckKeys],
    hints: (word: string) => hintsFor(`hosts: all\n${steps}\nchecks: [{ command: { run: x }, ${word}: x }]`),
  },
  'a variable of a host': {
    words: varsElsewhere,
    ours: [],
    hints: (word: string) =>
      parseInventory(document(`hosts: { a: { vars: { ${word}: x } } }`)).diagnostics.map(({ hint }) => hint),
  },
  'a key of a host': {
    words: varsElsewhere,
    ours: Object.keys(hostSchema.properties),
    hints: (word: string) =>
      parseInventory(document(`hosts: { a: { ${word}: x } }`)).diagnostics.map(({ hint }) => hint),
  },
  'a name in a template': {
    words: namesElsewhere,
    // `item` is ours, but not everywhere.
    ours: ['host', 'overlay', 'facts'],
    hints: (word: string) => templateHints(`{{ ${word} }}`).map(({ hint }) => hint),
  },
  'an option': {
    words: optionsElsewhere,
    ours: [],
    hints: (word: string) => [
      /^ {2}hint: (.*)$/m.exec(withOptionHint(`error: unknown option '${word}'\n(Did you mean --x?)`))?.[1],
    ],
  },
};

describe.each(Object.entries(tables))("a word of Ansible's: %s", (_, { words, ours, hints }) => {
  it.each(Object.keys(words))('%s gets its hint', (word) => {
    expect(hints(word)).toEqual([words[word]]);
  });

  it('is not one of ours', () => {
    const names: readonly string[] = ours;
    expect(Object.keys(words).filter((word) => names.includes(word))).toEqual([]);
  });
});

const reference = readFileSync(join(import.meta.dirname, '../../docs/reference/cli.md'), 'utf8');
const known = new Set([
  ...kinds.keys(),
  ...[...kinds.values()].flatMap(({ params }) => Object.keys(params.properties ?? {})),
  ...reservedStepKeys,
  ...Object.keys(playbookSchema.properties),
  ...playbookSchema.properties.on_failure.enum,
  ...checkKinds,
  ...reservedCheckKeys,
  ...Object.values(checkParamsSchemas).flatMap(({ properties }) => Object.keys(properties)),
  ...[inventorySchema, hostSchema, sshSchema].flatMap(({ properties }) => Object.keys(properties)),
  'item',
  'facts',
]);

/** Whether a quoted word exists: a key, a kind, a param, an option, a command, or a value in templates. */
function exists(word: string): boolean {
  const [first = ''] = /^[A-Za-z_]+/.exec(word) ?? [];
  if (/^(meshbook|--?[a-z])/.test(word)) return isOnCommandLine(word);
  if (/^(host|overlay|facts)\./.test(word)) return isInTemplates(word);
  const example = document(word, 'hint').data;
  return typeof example === 'object' && example !== null ? areKeys(example) : known.has(first);
}

function areKeys(example: object): boolean {
  return Object.entries(example).every(
    ([key, value]) => known.has(key) && (typeof value !== 'object' || value === null || areKeys(value)),
  );
}

function isOnCommandLine(text: string): boolean {
  const [, command, option] = /^(meshbook(?: [a-z]+)*)?\s*(-.*?)?(?: @FILE)?$/.exec(text) ?? [];
  const section = command === undefined ? reference : (reference.split(`\n## \`${command}\`\n`)[1] ?? '');
  const part = command === undefined ? section : (section.split('\n## ')[0] ?? '');
  return part !== '' && (option === undefined || new RegExp(`^ .*${option}\\b`, 'm').test(part));
}

function isInTemplates(name: string): boolean {
  const playbook = `hosts: all
overlays: { NAME: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24 } }
steps: [{ command: { always: true, run: "{{ (${name} is defined) | string }}" } }]`;
  const facts = new Map(['a', 'b'].map((host) => [host, factsOf('debian')]));
  const { a } = stepsOf(resolved({ playbook, facts }));
  return a?.[0] === 'command: true';
}

describe("hints for words of Ansible's", () => {
  const all = new Set(Object.values(tables).flatMap(({ words }) => Object.values(words)));
  it.each([...all])('name only what exists: %s', (hint) => {
    const quoted = [...hint.matchAll(/(?<![A-Za-z])'([^']+)'/g)].map(([, word = '']) => word);
    expect(quoted.filter((word) => !exists(word))).toEqual([]);
  });

  it.each([
    ['filters', foreignFilters, [...filters.keys()], (word: string) => `{{ 'x' | ${word} }}`],
    ['tests', foreignTests, [...predicates.keys()], (word: string) => `{{ 'x' is ${word} }}`],
  ] as const)('%s name only what exists', (_, foreign, ours, template) => {
    for (const table of Object.values(foreign)) {
      for (const [word, instead] of table) {
        expect(ours, word).not.toContain(word);
        if (instead !== undefined) expect(ours, word).toContain(instead);
        expect(templateHints(template(word))[0]?.message, word).toMatch(/of (Jinja|Ansible)'s that meshbook/);
      }
    }
  });
});
