/** A working kind that manages one file, for the author to change. */
export function kindText(name: string): string {
  return `import { removeFile, writeFile } from '../changes/file/file.ts';
import { fileFact } from '../facts/file.ts';
import { defineKind } from './define-kind.ts';

export default defineKind({
  name: '${name}',
  summary: 'One sentence: the state that holds after the step.',
  description: \`
What it does, and where its limits are.

Undo restores the file as it was.\`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        pattern: '^[a-z]+$',
        'x-error': 'a name has letters only',
        description: 'What it is called.',
      },
      state: { enum: ['present', 'absent'], description: 'Whether it shall be there. Default: \`present\`.' },
    },
  },
  examples: [{ title: 'What somebody would write it for', params: { name: 'example' } }],
  describes: ({ name, state }) => [
    { is: 'file', does: state === 'absent' ? 'removes' : 'makes', path: pathOf(name) },
  ],
  facts: ({ name }) => [fileFact(pathOf(name))],
  plan({ name, state = 'present' }, facts) {
    const before = facts.get(fileFact(pathOf(name)));
    const change =
      state === 'absent'
        ? removeFile(pathOf(name), before)
        : writeFile(pathOf(name), before, { content: \`\${name}\\n\` });
    return { changes: change === undefined ? [] : [change] };
  },
});

function pathOf(name: string): string {
  return \`/etc/${name.replaceAll('_', '-')}/\${name}\`;
}
`;
}

/** Data cases for that kind: something to do, and nothing to do. */
export function caseText(name: string): string {
  const path = `/etc/${name.replaceAll('_', '-')}/example`;
  return `title: it is not there yet
params: { name: example }
facts: { 'file:${path}': null }
changes:
  - type: file
    path: ${path}
    before: null
    after: { content: "example\\n", mode: '0644', owner: root, group: root }
---
title: it is there
params: { name: example }
facts:
  'file:${path}': { kind: text, content: "example\\n", mode: '0644', owner: root, group: root }
`;
}

// Words that can't be names of variables.
const reserved = [
  'package',
  'interface',
  'switch',
  'export',
  'import',
  'default',
  'function',
  'class',
  'new',
  'enum',
];

/** The registry's text with one more kind, imports and list in their order. @throws Error if it has another form. */
export function registered(text: string, name: string): string {
  const variable = reserved.includes(name)
    ? `${name}Kind`
    : name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const imports = insert(
    text,
    /^import .* from '\.\/.*';$/gm,
    `import ${variable} from './${name.replaceAll('_', '-')}.ts';`,
    fileOf,
  );
  return insert(imports, /^ {4}\w+,$/gm, `    ${variable},`, (line) => line.trim().toLowerCase());
}

function fileOf(line: string): string {
  return /'\.\/(.*)\.ts'/.exec(line)?.[1] ?? '';
}

/** Inserts a line before the first match that sorts after it, or after the last. */
function insert(text: string, pattern: RegExp, line: string, key: (line: string) => string): string {
  const found = [...text.matchAll(pattern)];
  const last = found.at(-1);
  if (last === undefined) throw new Error('src/kinds/registry.ts has no lines to put a kind between');
  const next = found.find(([other]) => key(other) > key(line));
  const at = next === undefined ? last.index + last[0].length + 1 : next.index;
  return `${text.slice(0, at)}${line}\n${text.slice(at)}`;
}
