import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kindPages } from '../../scripts/kind-docs.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { controlProgram, controlVerbs } from '../../src/transaction/control.ts';

const folder = join(import.meta.dirname, '../../docs/kinds');

it('docs/kinds matches the kinds (npm run docs)', () => {
  const onDisk = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  expect(onDisk).toEqual(kindPages(kinds));
});

it('commands in the guides are complete: those that read a playbook name the inventory', () => {
  const guides = join(import.meta.dirname, '../../docs/guides');
  const incomplete = readdirSync(guides).flatMap((name) => {
    const text = readFileSync(join(guides, name), 'utf8');
    if (/^export MESHBOOK_INVENTORY=/m.test(text)) return [];
    const commands =
      text.match(/meshbook (validate|plan|facts|apply|check|drift|graph) [^`\n]*\.yml[^`\n]*/g) ?? [];
    return commands.filter((command) => !command.includes(' -i ')).map((command) => `${name}: ${command}`);
  });
  expect(incomplete).toEqual([]);
});

it('architecture.md lists the verbs of the control program, and each is a function of it', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
  expect(text).toContain(`\`sh control ${controlVerbs.join('|')}\``);
  const program = controlProgram({ holder: 'root@here', confirmTimeout: 120, hardCap: 3600 });
  expect(controlVerbs.filter((verb) => !program.includes(`\n${verb}() {`))).toEqual([]);
});

it('the tests that documents name as proof exist', () => {
  const root = join(import.meta.dirname, '../..');
  for (const name of ['security.md', 'architecture.md', 'reliability.md']) {
    const text = readFileSync(join(root, 'docs', name), 'utf8');
    const named = [...text.matchAll(/`(test\/[^`*]+)`/g)].map(([, path = '']) => path);
    expect(named.length, name).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  }
});
