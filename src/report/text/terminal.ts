/** What reports must know about their output. */
export interface Terminal {
  readonly color: boolean;
  /** Columns; infinite if unknown: lines of a pipe or a file are not wrapped. */
  readonly width: number;
  /** Whether lines can be redrawn in place: a terminal in front of a person. */
  readonly interactive: boolean;
}

/** The part of a stream that tells what it is connected to. */
interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const defaultWidth = 80;

/** The width for prose: the terminal's, or 80 if lines may have any length. */
export function proseColumns(width: number): number {
  return Number.isFinite(width) ? width : defaultWidth;
}

/**
 * Decides once for a stream. A variable with an empty value counts as unset, as no-color.org says. `FORCE_COLOR`
 * (other than `0` and `false`) turns colours on without a terminal, and wins over `NO_COLOR`, as in Node.js. A CI log
 * is never redrawn, even if it is a terminal.
 */
export function terminalOf(
  stream: MaybeTerminal,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
  const columns = stream.isTTY && stream.columns ? stream.columns : Number(env.COLUMNS);
  const unsaid = stream.isTTY ? defaultWidth : Number.POSITIVE_INFINITY;
  return {
    color: wantsColor(isTerminal, env),
    width: Number.isInteger(columns) && columns > 0 ? columns : unsaid,
    interactive: isTerminal && !isOn(env.CI),
  };
}

function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.FORCE_COLOR) return isOn(env.FORCE_COLOR);
  return isTerminal && !env.NO_COLOR;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
