import type { FieldDiff } from '../../changes/change.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { hang } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { hostNames } from '../text/host-names.ts';
import type { TableOptions } from '../text/table.ts';
import { linesChange, paintDiff, textDiff } from '../text/text-diff.ts';
import type { FacetTable } from './facet-table.ts';
import type { Shape } from './fold.ts';

/** One text, such as a file's content, in each version that hosts have. */
interface Text {
  readonly name: string;
  readonly versions: readonly { readonly field: FieldDiff; readonly hosts: readonly string[] }[];
}

function textsOf(shape: Shape): Text[] {
  const texts = shape.flatMap((seen) =>
    seen.change.fields.filter(({ text }) => text).map((field) => ({ seen, field })),
  );
  const one = shape.every(({ change }) => change.target === shape[0].change.target);
  return groupBy(texts, ({ seen, field }) => JSON.stringify([seen.change.target, field.field])).map(
    (same) => {
      const [{ seen, field }] = same;
      const versions = groupBy(same, (text) => versionOf(text.field)).map((equal) => ({
        field: equal[0].field,
        hosts: equal.map((text) => text.seen.host),
      }));
      return { name: escapeControl(one ? field.field : `${field.field} of ${seen.change.target}`), versions };
    },
  );
}

/** A key that only equal texts share; cheaper than quoting each. */
function versionOf({ before, after }: FieldDiff): string {
  return `${str(before)?.length} ${after === undefined} ${before ?? ''}${after ?? ''}`;
}

/** The length of a shape's texts: `content  12 → 14 lines`. */
export function textLengths(shape: Shape): FacetTable {
  const rows = textsOf(shape).map(({ name, versions }) => {
    const lengths = new Set(versions.map(({ field }) => linesChange(str(field.before), str(field.after))));
    const differ = versions.length === 1 ? '' : `, in ${versions.length} versions`;
    return [name, `${[...lengths].join(' or ')}${differ} (--diff shows them)`];
  });
  return { header: ['', ''], rows };
}

/**
 * The changes in a shape's texts. Versions that differ in a few lines only are merged, and those lines name their
 * hosts.
 */
export function textDiffs(shape: Shape, { indent, width, paint }: TableOptions): string[] {
  const margin = ' '.repeat(indent);
  const show = (lines: readonly string[]) => lines.map((line) => `${margin}  ${paintDiff(line, paint)}`);
  return textsOf(shape).flatMap(({ name, versions }) => {
    const diffs = versions.map(({ field, hosts }) => ({
      hosts,
      lines: textDiff(str(field.before), str(field.after)),
    }));
    const merged = merge(diffs);
    if (merged !== undefined) return [...hang(margin, `${name}:`, width), ...show(merged)];
    return diffs.flatMap(({ hosts, lines }) => [
      ...hang(margin, `${name} on ${hostNames(hosts)}:`, width),
      ...show(lines),
    ]);
  });
}

interface Diff {
  readonly hosts: readonly string[];
  readonly lines: readonly string[];
}

/** Versions of a short text are merged if at most this many lines differ. */
const mostVariants = 3;

/** One diff for all versions; undefined if more than the text of lines differs. */
function merge(diffs: readonly Diff[]): string[] | undefined {
  const signs = new Set(diffs.map(({ lines }) => JSON.stringify(lines.map((line) => line.charAt(0)))));
  const lines = diffs[0]?.lines ?? [];
  const different = lines.filter((line, i) => diffs.some((diff) => diff.lines[i] !== line)).length;
  if (signs.size !== 1 || different > Math.max(mostVariants, lines.length / 3)) return undefined;
  return lines.flatMap((line, i) => {
    const variants = groupBy(diffs, (diff) => diff.lines[i] ?? '');
    if (variants.length === 1) return [line];
    return variants.map((same) => `${same[0].lines[i]}  ← ${hostNames(same.flatMap(({ hosts }) => hosts))}`);
  });
}

function str(value: FieldDiff['before']): string | undefined {
  return value === undefined ? undefined : String(value);
}
