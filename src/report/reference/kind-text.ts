import type { Kind } from '../../kinds/define-kind.ts';
import { toYaml } from '../../source/to-yaml.ts';
import { hang, wrap } from '../text/columns.ts';
import { type Paint, painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { proseColumns } from '../text/terminal.ts';
import { type ParamRow, paramRows } from './kind-params.ts';

/** The reference of one kind: what it does, its params, and its examples as playbook steps. */
export function kindText(
  kind: Kind,
  { color, width: columns }: { readonly color: boolean; readonly width: number },
): string {
  const width = proseColumns(columns);
  const paint = painter(color);
  const rows = paramRows(kind).map((row) => [row.name, typeOf(row), descriptionOf(row)]);
  const sections = [
    hang(`${kind.name}: `, plain(kind.summary), width).map((line) => paint('bold', line)),
    ...proseBlocks(kind.description, width),
    [
      paint('bold', 'Params'),
      ...(rows.length > 0 ? table(['', '', ''], rows, { indent: 2, width, paint }) : ['  none']),
    ],
    [paint('bold', 'Examples'), ...kind.examples.flatMap((example) => exampleLines(kind, example, paint))],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function typeOf({ type, required }: ParamRow): string {
  return required ? `${type}, required` : type;
}

function descriptionOf({ description, default: value }: ParamRow): string {
  const text = plain(description);
  return value === undefined || /\bdefault/i.test(text) ? text : `${text} Default: ${value}.`;
}

/** Paragraphs are wrapped; lists, tables and code are kept as written. */
function proseBlocks(markdown: string, width: number): string[][] {
  return markdown
    .trim()
    .split(/\n\s*\n/)
    .filter((block) => block !== '')
    .map((block) =>
      /^\s*([-*|>]|\d+\.|```| {4})/m.test(block)
        ? block.split('\n')
        : wrap(plain(block.replaceAll('\n', ' ')), width),
    );
}

/** Without the backticks of inline code, which mean nothing on a terminal. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '').replace(/\s+/g, ' ').trim();
}

function exampleLines({ name }: Kind, { title, params }: Kind['examples'][number], paint: Paint): string[] {
  const yaml = toYaml([{ name: title, [name]: params }]);
  return yaml
    .trimEnd()
    .split('\n')
    .map((line) => `  ${paint('cyan', line)}`);
}
