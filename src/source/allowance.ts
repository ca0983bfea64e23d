import type { SourceRange } from '../diagnostics/diagnostic.ts';

/**
 * What one play may take while it is resolved: far more than any fleet that was ever seen needs, and so little that it
 * ends within seconds and within the memory of a small machine, whoever wrote the files. It is counted, not timed, so
 * that the same files are always refused or always taken.
 */
export const allowance = {
  /** Units of about 0.2 µs: a statement of a template, a host's name that is looked up, a state of a pattern. */
  work: 20_000_000,
  /** UTF-16 units of text that templates make, whether or not they keep it, and that files bring in, for each use. */
  text: 256 * 1024 * 1024,
  /** What a YAML file is read as: some ten for each key with its value, with signs and blanks. */
  lexemes: 3_000_000,
  /** UTF-16 units of one host pattern: room for the names of some 50,000 hosts. */
  pattern: 1024 * 1024,
  /** Steps of one playbook, and checks. */
  steps: 10_000,
  /** Hosts of one inventory. */
  hosts: 65_536,
  /** Variables in one mapping. */
  variables: 10_000,
  /** Variables of all hosts of one inventory together, what they have from their groups counted for each. */
  hostVariables: 2_000_000,
} as const;

/** How many units of work one character costs that is read. */
const perCharacter = 1 / 32;

/** Thrown when a play has used up what it may take. `range`: what it was about, where that is known. */
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

/** Only within `withAllowance` anything is counted. */
let left: (Left & { readonly known: Map<string, unknown> }) | undefined;

/** Computes with an allowance of its own. @throws TooMuch when that doesn't suffice. */
export function withAllowance<T>(compute: () => T, { work, text }: Left = allowance): T {
  const before = left;
  left = { work, text, known: new Map() };
  try {
    return compute();
  } finally {
    left = before;
  }
}

/** What `compute` gives, once for all within the same allowance who ask for the same key. */
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

/** For a text that is looked through. @throws TooMuch */
export function spendReading(length: number): void {
  spendWork(length * perCharacter);
}

/** For a text that is made, or brought in from a file. @throws TooMuch */
export function spendText(length: number): void {
  if (left === undefined) return;
  left.text -= length;
  if (left.text >= 0) return;
  const most = allowance.text / 1024 / 1024;
  throw new TooMuch(
    `the templates and files of this playbook make more than ${most} million characters of text`,
  );
}
