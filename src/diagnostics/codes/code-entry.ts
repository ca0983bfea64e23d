/** What there is to say of a code, for `meshbook explain` and docs/diagnostics.md. */
export interface CodeEntry {
  /** `either`: it depends on what is meant. */
  readonly severity: 'error' | 'warning' | 'either';
  /** A sentence without a full stop: what is wrong. */
  readonly title: string;
  /** Sentences: why that is wrong, what would come of it. */
  readonly cause: string;
  /** Sentences: what to do. */
  readonly mend: string;
  /** Brings the code about; without its mend and with it. Only what the world does has none. */
  readonly example?: CodeExample;
}

/**
 * Texts in which each line begins with a sign: ` ` for lines that stay, `-` for those that are wrong, `+` for
 * those that mend it. What isn't given is as docs/diagnostics.md says at its beginning.
 */
export interface CodeExample {
  readonly playbook?: string;
  readonly inventory?: string;
  /** YAML: what is known of hosts, by host (or `all`) and fact. Without it the example needs no hosts. */
  readonly facts?: string;
  /** Other files, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The command, where it isn't `validate` or `plan` but itself what is wrong; then there may be no place. */
  readonly command?: string;
}

/** Codes by name; keeps the names as a type. */
export function codes<const C extends string>(
  entries: Readonly<Record<C, CodeEntry>>,
): Readonly<Record<C, CodeEntry>> {
  return entries;
}
