/** The explanation of a code, for `meshbook explain` and docs/diagnostics.md. */
export interface CodeEntry {
  /** `either`: it depends on the case. */
  readonly severity: 'error' | 'warning' | 'either';
  /** A sentence without a full stop: what is wrong. */
  readonly title: string;
  /** Sentences: why that is wrong, and what would happen. */
  readonly cause: string;
  /** Sentences: how to fix it. */
  readonly mend: string;
  /** Causes the diagnostic, and shows the fix. Errors of hosts and connections have none. */
  readonly example?: CodeExample;
}

/**
 * Texts in which each line begins with a sign: ` ` for lines that stay, `-` for those that are wrong, `+` for
 * those that fix it. For what isn't given, see the beginning of docs/diagnostics.md.
 */
export interface CodeExample {
  readonly playbook?: string;
  readonly inventory?: string;
  /** YAML: facts by host (or `all`) and id. Without them the example needs no hosts. */
  readonly facts?: string;
  /** Other files, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The command, if it is itself wrong; then there may be no place. Otherwise it is `validate` or `plan`. */
  readonly command?: string;
}

/** Codes by name; keeps the names as a type. */
export function codes<const C extends string>(
  entries: Readonly<Record<C, CodeEntry>>,
): Readonly<Record<C, CodeEntry>> {
  return entries;
}
