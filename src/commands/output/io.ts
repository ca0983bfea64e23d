import type { Reporter } from '../../report/run/reporter.ts';
import type { Terminal } from '../../report/text/terminal.ts';

/** A command's environment: its output and its questions. */
export interface Io {
  /** For reports that redraw; everything else prints through `out`. */
  readonly stdout: NodeJS.WriteStream;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Prints commands for the log of a workflow; `out` and `err` let none through. */
  readonly annotate: (text: string) => void;
  /** The terminal of stdout. */
  readonly terminal: Terminal;
  /** The terminal of stderr, where diagnostics go. */
  readonly errTerminal: Terminal;
  /** Whether the user can be asked. */
  readonly interactive: boolean;
  /** What is redrawing the terminal at the moment; it makes room for questions. */
  reporter: Reporter | undefined;
  /** Asks on the terminal; Ctrl-D gives an empty answer. @throws RunError without a terminal, or on Ctrl-C. */
  readonly ask: (question: string) => Promise<string>;
  /** The same without echo. */
  readonly askSecret: (question: string) => Promise<string>;
  /** Aborted by the first Ctrl-C. Unless it is read, Ctrl-C ends the process as usual. */
  readonly signal: AbortSignal;
}
