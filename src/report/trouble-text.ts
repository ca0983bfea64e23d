import { escapeControl, escapeLines } from '../diagnostics/escape.ts';
import type { Trouble } from '../run/events.ts';
import { hang } from './columns.ts';
import type { Paint } from './paint.ts';

export interface TroubleOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly indent: number;
}

/** Why something went wrong on a host, what helps, and the end of what the failed command printed; all escaped. */
export function troubleText(
  host: string,
  trouble: Trouble,
  { paint, width, indent }: TroubleOptions,
): string[] {
  const margin = ' '.repeat(indent);
  const lines = hang(
    margin,
    `${escapeControl(host)}: ${escapeControl(trouble.message)} (${escapeControl(trouble.code)})`,
    width,
  );
  return [
    ...lines.map((line) => paint('red', line)),
    ...troubleDetail(trouble, { paint, width, indent: indent + 2 }),
  ];
}

/** The hint and the output alone. */
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
