import type { CodeEntry, CodeExample } from '../../diagnostics/codes/code-entry.ts';
import { escapeLines } from '../../diagnostics/escape.ts';
import { wrap } from '../text/columns.ts';
import { type Paint, painter } from '../text/paint.ts';
import { proseColumns } from '../text/terminal.ts';

/** The explanation of a code: why it is wrong, an example with its fix, and how to fix it. */
export function codeText(
  code: string,
  { severity, title, cause, mend, example }: CodeEntry,
  { color, width: columns }: { readonly color: boolean; readonly width: number },
): string {
  const width = proseColumns(columns);
  const paint = painter(color);
  const sections = [
    [paint('bold', `${code}${severity === 'either' ? '' : ` (${severity})`}: ${title}`)],
    wrap(cause, width),
    ...(example === undefined ? [] : exampleParts(example).map((part) => exampleLines(part, paint))),
    wrap(mend, width),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

interface ExamplePart {
  readonly title: string;
  /** Lines with their signs. */
  readonly text: string;
}

/** The texts of an example in reading order, safe to print. */
export function exampleParts({
  inventory,
  playbook,
  files = {},
  facts,
  command,
}: CodeExample): ExamplePart[] {
  const texts = [
    ['Inventory', inventory],
    ['Playbook', playbook],
    ...Object.entries(files),
    ['Facts of hosts', facts],
    ['Command', command],
  ] as const;
  return texts.flatMap(([title, text]) => (text === undefined ? [] : [{ title, text: escapeLines(text) }]));
}

function exampleLines({ title, text }: ExamplePart, paint: Paint): string[] {
  const lines = text.split('\n').map((line) => {
    const shown = `  ${line}`.trimEnd();
    return line.startsWith('-') ? paint('red', shown) : line.startsWith('+') ? paint('green', shown) : shown;
  });
  return [`${title}:`, ...lines];
}
