import type { SourceRange } from '../diagnostics/diagnostic.ts';

/**
 * The limits of one play while it is resolved: far more than any fleet ever seen needs, and low enough that it ends
 * within seconds and within the memory of a small machine, whoever wrote the files. Work is counted, not timed, so
 * that the same files are always accepted or always refused.
 */
export const allowance = {
  /** Units of about 0.2 µs: a statement of a template, a lookup of a host's name, a state of a pattern. */
  work: 20_000_000,
  /** UTF-16 units of text that templates produce, even if it is discarded, and of files for each use. */
  text: 256 * 1024 * 1024,
  /** Tokens of a YAML file: some ten for each key with its value, including signs and blanks. */
  lexemes: 3_000_000,
  /** UTF-16 units of one host pattern: enough for the names of some 50,000 hosts. */
  pattern: 1024 * 1024,
  /** Steps of one playbook, and checks. */
  steps: 10_000,
  /** Hosts of one inventory. */
  hosts: 65_536,
  /** Variables in one mapping. */
  variables: 10_000,
  /** Variables of all hosts of one inventory, with inherited ones counted for each host. */
  hostVariables: 2_000_000,
} as const;

/** The work of reading one character. */
const perCharacter = 1 / 32;

/** Thrown if a play exceeds its allowance. `range`: where, if known. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
  readonly range: SourceRange | undefined;
  constructor(message: string, range?: SourceRange) {
    super(message);
    this.range = range;
  }
}

interface Left {
  work: number;
  text: number;
}

/** Nothing is counted outside `withAllowance`. */
let left: (Left & { readonly known: Map<string, unknown> }) | undefined;

/** Computes with an allowance of its own. @throws TooMuch if that doesn't suffice. */
export function withAllowance<T>(compute: () => T, { work, text }: Left = allowance): T {
  const before = left;
  left = { work, text, known: new Map() };
  try {
    return compute();
  } finally {
    left = before;
  }
}

/** The result of `compute`, cached by key within the same allowance. */
export function once<T>(key: string, compute: () => T): T {
  if (left === undefined) return compute();
  if (!left.known.has(key)) left.known.set(key, compute());
  return left.known.get(key) as T;
}

/** @throws TooMuch */
export function spendWork(units: number): void {
  if (left === undefined) return;
  left.work -= units;
  if (left.work < 0) throw new TooMuch('this playbook with this inventory takes too much work');
}

/** For a text that is searched. @throws TooMuch */
export function spendReading(length: number): void {
  spendWork(length * perCharacter);
}

/** For a text that is produced, or read from a file. @throws TooMuch */
export function spendText(length: number): void {
  if (left === undefined) return;
  left.text -= length;
  if (left.text >= 0) return;
  const most = allowance.text / 1024 / 1024;
  throw new TooMuch(
    `the templates and files of this playbook make more than ${most} million characters of text`,
  );
}
