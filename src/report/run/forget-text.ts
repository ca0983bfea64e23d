import { escapeControl } from '../../diagnostics/escape.ts';
import { hang } from '../text/columns.ts';
import { count, hostNames } from '../text/host-names.ts';

/** The consequences of forgetting a run on these hosts. */
export function forgetText(
  run: string,
  hosts: readonly string[],
  { width }: { readonly width: number },
): string {
  const id = escapeControl(run);
  if (hosts.length === 0) return `Run ${id} has left nothing there that could be forgotten.\n`;
  const lines = [
    ...hang('', `Forget run ${id}, on ${count(hosts.length, 'host')}: ${hostNames(hosts)}`, width),
    ...meaning.flatMap((sentence) => hang(' - ', sentence, width)),
    `     rm -r /var/lib/meshbook/transactions/${id}`,
  ];
  return `${lines.join('\n')}\n`;
}

const meaning = [
  'No host is asked or touched: what the run changed there stays.',
  'This controller no longer offers the run to an undo, nor counts it in conflicts and drift.',
  "The run's folder on the hosts stays, and with it the undo by hand. To delete it, as root on each host:",
];
