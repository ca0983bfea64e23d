import { escapeControl, escapeLines } from '../../diagnostics/escape.ts';
import type { RunEvent } from '../../run/events.ts';
import { hang } from '../text/columns.ts';
import { count } from '../text/host-names.ts';
import { painter } from '../text/paint.ts';
import type { Terminal } from '../text/terminal.ts';

type CheckEvent = Extract<RunEvent, { type: 'check' }>;

/** Checks that could not be made, a line for each check and reason. Empty if there are none. */
export function unknownChecksText(
  events: readonly CheckEvent[],
  { color, width }: Pick<Terminal, 'color' | 'width'>,
): string {
  const paint = painter(color);
  const groups = new Map<string, CheckEvent[]>();
  for (const event of events) {
    const key = JSON.stringify([event.check, event.output]);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  const lines = [...groups.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const { name, host, target, output = '' } = first;
    const pair = target === undefined ? host : `${host} → ${target}`;
    const others = more.length === 0 ? '' : ` and ${count(more.length, 'other')}`;
    const reason = escapeLines(output).replaceAll('\n', ' ');
    return hang(
      '? ',
      `${escapeControl(name)}: unknown for ${escapeControl(pair)}${others}: ${reason}`,
      width,
    );
  });
  return lines.length === 0 ? '' : `\n${lines.map((line) => paint('yellow', line)).join('\n')}\n`;
}
