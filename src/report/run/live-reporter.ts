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
  /** How many hosts each step has changes on, where that is known: what `17/20` counts up to. */
  readonly expected?: readonly number[];
}

const refreshMs = 150;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const fewestColumns = 20;

/**
 * A line a phase and a step on a terminal, redrawn in place at most every 150 ms however many events there are.
 * A line appears when the first host comes to it. What others write to stdout or stderr meanwhile is held back
 * to the end; whoever must ask the user something does so within `aside`.
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
      // Whoever loses sight of the run can ask for it by its name.
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
