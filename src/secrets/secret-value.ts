import type { Code } from '../diagnostics/codes/registry.ts';
import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { secrets } from './masker.ts';

/** A secret that is unavailable: no password, no such file. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
  readonly code: Code;
  readonly hint: string | undefined;
  /** Where the secret is written, if known. */
  readonly range: SourceRange | undefined;
  constructor(code: Code, message: string, hint?: string, range?: SourceRange) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.range = range;
  }
}

/** How many secrets have been revealed: comparing it shows whether a computation used one. */
let revealed = 0;

/**
 * A text or a number that must not be shown. It passes through variables and templates; what a template computes from
 * it is a SecretValue again.
 */
export class SecretValue {
  readonly #open: () => string | number;
  readonly #at: SourceRange | undefined;
  readonly #inParts: boolean;
  #known: string | number | undefined;

  /**
   * `open` is called once, when the value is first needed. `at`: where it is written. With `inParts` the secrets
   * within the value are already masked, and the text around them may be shown.
   */
  constructor(
    open: () => string | number,
    { at, inParts = false }: { at?: SourceRange; inParts?: boolean } = {},
  ) {
    this.#open = open;
    this.#at = at;
    this.#inParts = inParts;
  }

  /** The value; it is masked from then on wherever it appears. @throws SecretUnavailable */
  reveal(): string | number {
    this.#known ??= this.#open();
    if (!this.#inParts) secrets.add(String(this.#known), this.#at);
    revealed++;
    return this.#known;
  }

  /** Writing one by mistake reveals nothing. */
  toJSON(): string {
    return '***';
  }
}

/** The result of a computation; secret if it used a secret. */
export function tracked<T>(compute: () => T): T {
  const before = revealed;
  const value = compute();
  return revealed === before ? value : (asSecret(value) as T);
}

/** The same for a text whose secrets are already masked, so that the text around them may be shown. */
export function trackedWhole<T>(compute: () => T): T {
  const before = revealed;
  const value = compute();
  if (revealed === before || typeof value !== 'string') return value;
  return new SecretValue(() => value, { inParts: true }) as T;
}

/** The text that a computation returns; masked from then on if it used a secret. */
export function trackedText<T>(compute: () => T): T {
  const before = revealed;
  const value = compute();
  if (revealed !== before && (typeof value === 'string' || typeof value === 'number'))
    secrets.add(String(value));
  return value;
}

/** The value with every text and number in it secret, and masked from now on. True, false and null reveal nothing. */
export function asSecret(value: unknown, at?: SourceRange): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    secrets.add(String(value), at);
    return new SecretValue(() => value, at === undefined ? {} : { at });
  }
  return inside(value, (inner) => asSecret(inner, at));
}

/** Whether the value contains a secret. */
export function holdsSecretValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof SecretValue || Object.values(value).some(holdsSecretValue);
}

/** The value with every secret in it revealed. @throws SecretUnavailable */
export function revealedIn(value: unknown): unknown {
  return withSecrets(value, (secret) => secret.reveal());
}

/** The value with every secret replaced. */
export function withSecrets(value: unknown, replace: (secret: SecretValue) => unknown): unknown {
  if (value instanceof SecretValue) return replace(value);
  return holdsSecretValue(value) ? inside(value, (inner) => withSecrets(inner, replace)) : value;
}

function inside(value: unknown, change: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null || value instanceof SecretValue) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}
