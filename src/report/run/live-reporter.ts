import { columnsOf } from '../text/columns.ts';
import { painter } from '../text/paint.ts';
import { LiveProgress } from './live-progress.ts';
import { rowText } from './live-row.ts';
import type { Reporter } from './reporter.ts';
import { Screen } from './screen.ts';

export interface LiveOptions {
  readonly color: boolean;
  /** The names of the playbook's steps. */
  readonly steps: readonly string[];
  /** The number of hosts with changes in each step, if known: the total in `17/20`. */
  readonly expected?: readonly number[];
}

const refreshMs = 150;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const fewestColumns = 20;

/**
 * A line for each phase and step on a terminal, redrawn in place at most every 150 ms, whatever the number of events.
 * A line appears when the first host reaches it. Other output to stdout or stderr is held back until the end;
 * questions to the user are asked within `aside`.
 */
export function liveReporter(stream: NodeJS.WriteStream, { color, steps, expected }: LiveOptions): Reporter {
  const progress = new LiveProgress(steps, expected);
  const screen = new Screen(stream, progress.rows.length);
  const paint = painter(color);
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = (going: boolean) => {
    const width = Math.max(fewestColumns, (stream.columns ?? 80) - 1);
    const titles = progress.rows.filter(({ begun }) => begun).map(({ title }) => columnsOf(title));
    const titleWidth = Math.min(Math.max(...titles), Math.floor(width / 2));
    const options = {
      paint,
      width,
      titleWidth,
      spinner: going ? spinner[frame++ % spinner.length] : undefined,
    };
    screen.draw(progress.rows.map((row) => (row.begun ? rowText(row, options).join('\n') : undefined)));
  };

  return {
    handle(event) {
      progress.handle(event);
      // The run's id, for a user who loses the connection.
      if (event.type === 'run-started' && timer === undefined) stream.write(`Run ${event.run}\n`);
      if (timer !== undefined || !progress.rows.some(({ begun }) => begun)) return;
      screen.open();
      timer = setInterval(() => draw(true), refreshMs);
    },
    aside: (work) => screen.aside(work),
    async close() {
      if (timer === undefined) return;
      clearInterval(timer);
      await screen.close(() => draw(false));
    },
  };
}
