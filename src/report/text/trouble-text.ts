import { escapeControl, escapeLines } from '../../diagnostics/escape.ts';
import type { Trouble } from '../../run/events.ts';
import { hang } from './columns.ts';
import { groupBy } from './group.ts';
import { hostNames } from './host-names.ts';
import type { Paint } from './paint.ts';

export interface TroubleOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly indent: number;
}

/**
 * Why something went wrong on hosts, hints, and the end of the failed command's output; all escaped. Equal troubles of
 * several hosts are shown once with their names, and so are equal hints.
 */
export function troublesText(
  troubles: Iterable<readonly [host: string, Trouble]>,
  { paint, width, indent }: TroubleOptions,
): string[] {
  const margin = ' '.repeat(indent);
  return groupBy([...troubles], ([, { hint, output }]) => JSON.stringify([hint, output])).flatMap((same) => [
    ...groupBy(same, ([, { code, message }]) => JSON.stringify([code, message])).flatMap((equal) => {
      const hosts = hostNames(equal.map(([host]) => host));
      return hang(margin, `${hosts}: ${reasonOf(equal[0][1])}`, width).map((line) => paint('red', line));
    }),
    ...troubleDetail(same[0][1], { paint, width, indent: indent + 2 }),
  ]);
}

/** The message with its code. */
export function reasonOf({ code, message }: Trouble): string {
  return `${escapeControl(message)} (${escapeControl(code)})`;
}

/** The hint and the output only. */
export function troubleDetail({ hint, output }: Trouble, { paint, width, indent }: TroubleOptions): string[] {
  const margin = ' '.repeat(indent);
  return [
    ...(hint === undefined ? [] : hang(`${margin}hint: `, escapeControl(hint), width)),
    ...(output === undefined || output.trim() === ''
      ? []
      : escapeLines(output.trimEnd())
          .split('\n')
          .map((line) => paint('dim', `${margin}| ${line}`))),
  ];
}
