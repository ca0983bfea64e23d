import type { Reporter } from '../../report/run/reporter.ts';
import type { Terminal } from '../../report/text/terminal.ts';

/** The world as a command sees it: what it prints to and asks through. */
export interface Io {
  /** For reports that redraw; everything else prints through `out`. */
  readonly stdout: NodeJS.WriteStream;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** What the log of a workflow shall take for commands; `out` and `err` let none through. */
  readonly annotate: (text: string) => void;
  /** Of stdout. */
  readonly terminal: Terminal;
  /** Of stderr, where diagnostics go. */
  readonly errTerminal: Terminal;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** What redraws the terminal at the moment; it makes room for questions. */
  reporter: Reporter | undefined;
  /** Asks on the terminal; Ctrl-D answers with nothing. @throws RunError when there is none, or on Ctrl-C. */
  readonly ask: (question: string) => Promise<string>;
  /** The same without echo. */
  readonly askSecret: (question: string) => Promise<string>;
  /** Aborted by the first Ctrl-C. Until somebody reads this, Ctrl-C ends the process as it ends any other. */
  readonly signal: AbortSignal;
}
