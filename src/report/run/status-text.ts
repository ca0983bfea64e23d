import { escapeControl } from '../../diagnostics/escape.ts';
import type { HostStatus } from '../../run/ask-status.ts';
import type { TransactionStatus } from '../../transaction/status.ts';
import { painter } from '../text/paint.ts';

/** The state of every host: a line for each pending run, or how the newest run ended. */
export function statusText(
  states: ReadonlyMap<string, HostStatus>,
  { color }: { readonly color: boolean },
): string {
  const paint = painter(color);
  const width = Math.max(...[...states.keys()].map((host) => host.length));
  const lines = [...states].flatMap(([host, state]) => {
    const name = escapeControl(host).padEnd(width);
    if ('trouble' in state)
      return [`${name}  ${paint('red', `unknown: ${escapeControl(state.trouble.message)}`)}`];
    const pending = state.transactions.filter((transaction) => transaction.state === 'pending');
    if (pending.length > 0)
      return pending.map((transaction) => `${name}  ${paint('yellow', pendingText(transaction))}`);
    const last = state.transactions.at(-1);
    return [`${name}  ${last === undefined ? 'no run so far' : `nothing pending; ${endText(last)}`}`];
  });
  return `${lines.join('\n')}\n`;
}

function pendingText({ run, secondsLeft, holder }: TransactionStatus): string {
  const until =
    secondsLeft === undefined ? 'not armed' : `armed, undoes itself in ${Math.max(0, secondsLeft)} s`;
  return escapeControl(`${until}: run ${run} of ${holder}`);
}

function endText({ run, state, report }: TransactionStatus): string {
  return escapeControl(`run ${run}: ${report === '' ? state : report}`);
}
