import type { Kind } from '../src/kinds/define-kind.ts';
import { paramRows } from '../src/report/reference/kind-params.ts';
import { toYaml } from '../src/source/to-yaml.ts';

const notice = '<!-- Written by `npm run docs` from src/kinds. Edits here are lost. -->';

/** The pages of the reference, by their names in docs/kinds. The same kinds give the same bytes. */
export function kindPages(kinds: ReadonlyMap<string, Kind>): Map<string, string> {
  const sorted = [...kinds.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map([
    ['README.md', index(sorted)],
    ...sorted.map((kind): [string, string] => [`${kind.name}.md`, page(kind)]),
  ]);
}

function index(kinds: readonly Kind[]): string {
  return `${notice}

# Kinds of steps

A step has one of these as a key, with its params beneath. \`meshbook kinds NAME\` shows the same in the terminal.

| kind | the state that holds after it |
|---|---|
${kinds.map(({ name, summary }) => `| [\`${name}\`](${name}.md) | ${cell(summary)} |`).join('\n')}
`;
}

function page(kind: Kind): string {
  const rows = paramRows(kind).map(({ name, type, required, description }) => {
    return `| \`${name}\` | ${cell(type)}${required ? ', required' : ''} | ${cell(description)} |`;
  });
  const examples = kind.examples.map(({ title, params }) =>
    toYaml([{ name: title, [kind.name]: params }]).trimEnd(),
  );
  return `${notice}

# ${kind.name}

${kind.summary}

${kind.description.trim()}

## Params

| param | type | meaning |
|---|---|---|
${rows.join('\n')}

## Examples

\`\`\`yaml
steps:
${examples.join('\n').replace(/^(?=.)/gm, '  ')}
\`\`\`
`;
}

/** Text for a table cell: a bar would end the cell, a line break the table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
