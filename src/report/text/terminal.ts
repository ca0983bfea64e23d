/** What reports must know of where they are printed. */
export interface Terminal {
  readonly color: boolean;
  /** Columns; infinite where nothing says how many there are: lines of a pipe or a file are left whole. */
  readonly width: number;
  /** Whether lines can be redrawn in place: a terminal that a person looks at. */
  readonly interactive: boolean;
}

/** The part of a stream that says what it is connected to. */
interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const defaultWidth = 80;

/** The columns that running text is wrapped to: as a terminal has them, and 80 where lines could be of any length. */
export function proseColumns(width: number): number {
  return Number.isFinite(width) ? width : defaultWidth;
}

/**
 * Decides once for a stream. A variable that is set to nothing counts as not set, as no-color.org says.
 * `FORCE_COLOR` (other than `0` and `false`) turns colours on where there is no terminal, and wins over
 * `NO_COLOR`, as in Node.js. A CI's log is never redrawn, even where it has a terminal.
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
