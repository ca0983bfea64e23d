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
  /** Causes the diagnostic, and shows the fix. Errors of hosts and connections have no example. */
  readonly example?: CodeExample;
}

/**
 * Each line of a text begins with a sign: ` ` for unchanged lines, `-` for wrong ones, `+` for their fix.
 * docs/diagnostics.md says at its beginning what the defaults are.
 */
export interface CodeExample {
  readonly playbook?: string;
  readonly inventory?: string;
  /** YAML: facts by host (or `all`) and id. Undefined: the example needs no hosts. */
  readonly facts?: string;
  /** Other files, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The command, if the error is in it; then there may be no place. Default: `validate` or `plan`. */
  readonly command?: string;
}

/** Codes by name, with the names as a type. */
export function codes<const C extends string>(
  entries: Readonly<Record<C, CodeEntry>>,
): Readonly<Record<C, CodeEntry>> {
  return entries;
}
