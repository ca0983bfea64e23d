import type { Code } from '../diagnostics/codes/registry.ts';
import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { secrets } from './masker.ts';

/** A secret that can't be had: no password, no such file. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
  readonly code: Code;
  readonly hint: string | undefined;
  /** Where the secret is written, where it is known. */
  readonly range: SourceRange | undefined;
  constructor(code: Code, message: string, hint?: string, range?: SourceRange) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.range = range;
  }
}

/** How many secrets have been revealed: who has looked at one is known by comparing. */
let revealed = 0;

/**
 * A text or a number that nobody may be shown. It goes through variables and templates as it is; what a template makes
 * of it is a SecretValue again.
 */
export class SecretValue {
  readonly #open: () => string | number;
  readonly #at: SourceRange | undefined;
  readonly #inParts: boolean;
  #known: string | number | undefined;

  /**
   * `open` is called once, when the value is first needed. `at`: where it is written. With `inParts` the
   * secrets in the value are masked already, and what stands around them may be seen.
   */
  constructor(
    open: () => string | number,
    { at, inParts = false }: { at?: SourceRange; inParts?: boolean } = {},
  ) {
    this.#open = open;
    this.#at = at;
    this.#inParts = inParts;
  }

  /** The value, which is masked from then on wherever it shows. @throws SecretUnavailable */
  reveal(): string | number {
    this.#known ??= this.#open();
    if (!this.#inParts) secrets.add(String(this.#known), this.#at);
    revealed++;
    return this.#known;
  }

  /** Whoever writes one down by mistake tells nothing. */
  toJSON(): string {
    return '***';
  }
}

/** What a computation gives; secret if it has looked at a secret. */
export function tracked<T>(compute: () => T): T {
  const before = revealed;
  const value = compute();
  return revealed === before ? value : (secretly(value) as T);
}

/** The same for a text whose secrets are masked already, so that what stands around them may be seen. */
export function trackedWhole<T>(compute: () => T): T {
  const before = revealed;
  const value = compute();
  if (revealed === before || typeof value !== 'string') return value;
  return new SecretValue(() => value, { inParts: true }) as T;
}

/** What a computation puts into a text: masked from then on if it has looked at a secret. */
export function trackedText<T>(compute: () => T): T {
  const before = revealed;
  const value = compute();
  if (revealed !== before && (typeof value === 'string' || typeof value === 'number'))
    secrets.add(String(value));
  return value;
}

/** The value with every text and number in it secret, and masked from now on. True, false and null tell nothing. */
export function secretly(value: unknown, at?: SourceRange): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    secrets.add(String(value), at);
    return new SecretValue(() => value, at === undefined ? {} : { at });
  }
  return inside(value, (inner) => secretly(inner, at));
}

/** Whether a secret stands anywhere in the value. */
export function holdsSecretValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof SecretValue || Object.values(value).some(holdsSecretValue);
}

/** The value with every secret in it revealed. @throws SecretUnavailable */
export function revealedIn(value: unknown): unknown {
  return withSecrets(value, (secret) => secret.reveal());
}

/** The value with something else in the place of every secret. */
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
