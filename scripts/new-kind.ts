// npm run new-kind NAME: makes src/kinds/NAME.ts, a data case for it, and its line in the registry.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reservedStepKeys } from '../src/model/playbook/playbook-schema.ts';
import { caseText, kindText, registered } from './kind-scaffold.ts';

const root = process.cwd();
const name = process.argv[2] ?? '';
const file = name.replaceAll('_', '-');
const registry = join(root, 'src/kinds/registry.ts');
const made = new Map([
  [join(root, `src/kinds/${file}.ts`), kindText(name)],
  [join(root, `test/kinds/${name}/example.yaml`), caseText(name)],
]);

const problem = !/^[a-z]+(_[a-z]+)*$/.test(name)
  ? 'Usage: npm run new-kind NAME, in snake_case: npm run new-kind static_route'
  : reservedStepKeys.includes(name)
    ? `A kind can't be called ${name}: every step has a key of that name.`
    : !existsSync(registry)
      ? 'Run this in the folder that holds src/kinds.'
      : [...made.keys()].find((path) => existsSync(path));

if (problem !== undefined) {
  console.error(made.has(problem) ? `${problem} exists already` : problem);
  process.exitCode = 1;
} else {
  for (const [path, text] of made) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  writeFileSync(registry, registered(readFileSync(registry, 'utf8'), name));
  console.log([...made.keys(), registry].join('\n'));
  console.log(
    'Now say what it means. Then: npm run docs, npx biome check --write, and npx vitest run test/kinds test/contract.',
  );
}
