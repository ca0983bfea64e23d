import type { Terminal } from '../report/terminal.ts';

/** The world as a command sees it: what it prints to, asks through, and reads its settings from. */
export interface Io {
  /** For reports that redraw; everything else prints through `out`. */
  readonly stdout: NodeJS.WriteStream;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Of stdout. */
  readonly terminal: Terminal;
  /** Of stderr, where diagnostics go. */
  readonly errTerminal: Terminal;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  /** Asks on the terminal. @throws RunError when there is none. */
  readonly ask: (question: string) => Promise<string>;
  /** The same without echo. */
  readonly askSecret: (question: string) => Promise<string>;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}
