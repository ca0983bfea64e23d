import type { FieldDiff } from '../changes/change.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { hang } from './columns.ts';
import { facetsOf } from './facets.ts';
import { groupBy, hostsOf, type Shape } from './fold.ts';
import { hostNames, hostsAmong } from './host-names.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { linesChange, textDiff } from './text-diff.ts';
import { actionStyles, riskWords, symbols } from './words.ts';

export interface ShapeOptions {
  readonly paint: Paint;
  readonly width: number;
  /** Show texts as diffs. */
  readonly diff: boolean;
  /** Every host that was planned for. */
  readonly all: readonly string[];
}

const headIndent = 3;
const bodyIndent = 7;

/** One shape: what it does, said once, and tables of what differs between objects and hosts. */
export function shapeText(shape: Shape, options: ShapeOptions): string[] {
  const facets = facetsOf(shape);
  const body = { indent: bodyIndent, width: options.width, paint: options.paint };
  return [
    ...head(shape, options),
    ...facets.flatMap(({ header, rows }) => table(header, rows, body)),
    ...textLines(shape, options),
    ...shape[0].change.risks.flatMap((risk) =>
      hang(' '.repeat(bodyIndent), `! ${riskWords[risk]}`, options.width).map((line) => options.paint('yellow', line)),
    ),
  ];
}

function head(shape: Shape, { paint, width, all }: ShapeOptions): string[] {
  const { action, noun, target } = shape[0].change;
  const hosts = hostsOf(shape);
  const objects = new Set(shape.map(({ change }) => change.target)).size;
  const where = hostsAmong(hosts, all);
  const what = objects > 1 ? `${noun} × ${objects}` : `${noun} ${target}`;
  const text = `${escapeControl(what)}${where === '' ? '' : `  on ${where}`}`;
  const prefix = `${' '.repeat(headIndent)}${symbols[action]} `;
  return hang(prefix, text, width).map((line, i) =>
    i === 0 ? `${' '.repeat(headIndent)}${paint(actionStyles[action], symbols[action])}${line.slice(headIndent + 1)}` : line,
  );
}

/** Whole texts: how long they are, or what changes in them. */
function textLines(shape: Shape, options: ShapeOptions): string[] {
  const texts = shape.flatMap((seen) => seen.change.fields.filter(({ text }) => text).map((field) => ({ seen, field })));
  const margin = ' '.repeat(bodyIndent);
  return groupBy(texts, ({ seen, field }) => JSON.stringify([seen.change.target, field.field])).flatMap((same) => {
    const { seen, field } = same[0];
    const one = shape.every(({ change }) => change.target === seen.change.target);
    const name = escapeControl(one ? field.field : `${field.field} of ${seen.change.target}`);
    const versions = groupBy(same, (text) => JSON.stringify([text.field.before, text.field.after]));
    if (!options.diff) return hang(`${margin}${name}  `, lengths(versions.map(([{ field: f }]) => f)), options.width);
    return versions.flatMap((equal) => {
      const on = versions.length === 1 ? '' : ` on ${hostNames(equal.map((text) => text.seen.host))}`;
      const lines = textDiff(str(equal[0].field.before), str(equal[0].field.after), options.paint);
      return [...hang(margin, `${name}${on}:`, options.width), ...lines.map((line) => `${margin}  ${line}`)];
    });
  });
}

function lengths(versions: readonly FieldDiff[]): string {
  const said = [...new Set(versions.map(({ before, after }) => linesChange(str(before), str(after))))].join(' or ');
  return `${said}${versions.length === 1 ? '' : `, in ${versions.length} versions`} (--diff shows them)`;
}

function str(value: FieldDiff['before']): string | undefined {
  return value === undefined ? undefined : String(value);
}
