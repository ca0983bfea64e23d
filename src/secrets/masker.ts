import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { InvalidInput } from '../diagnostics/errors.ts';
import { tidy } from '../json/records.ts';
import { borders, charactersOf, FormSearch, type Hit, overlap, togetherHits } from './form-search.ts';
import { canBeMasked, formsOf } from './forms.ts';

/** Replaces a secret. It reveals neither its length nor a digest. */
const mask = '***';

/**
 * The maximum number of characters in the forms of all secrets: those of about 40,000 passwords, or of 2 MB in one
 * text. More would take the memory of a small machine.
 */
const mostCharacters = 16 * 1024 * 1024;

/**
 * Knows secrets and removes them from texts. It finds them by their text alone, so it misses parts of a secret,
 * another case, and compressed or encrypted forms.
 */
export class Masker {
  readonly #secrets = new Set<string>();
  readonly #forms = new Set<string>();
  readonly #tooShort: SourceRange[] = [];
  #characters = 0;
  /** Forms that aren't in a search yet. */
  #added: string[] = [];
  /** Each at least twice as large as the next, so that adding is always cheap. */
  readonly #searches: FormSearch[] = [];

  /**
   * Masks `secret` from now on. `at`: where it is written, for a warning if it can't be masked.
   * @throws InvalidInput if that would take too much memory.
   */
  add(secret: string, at?: SourceRange): void {
    if (this.#secrets.has(secret)) return;
    if (!canBeMasked(secret)) {
      if (at !== undefined && secret.trim() !== '') this.#tooShort.push(at);
      return;
    }
    const forms = secret.length > mostCharacters ? [secret] : formsOf(secret);
    const added = forms.filter((form) => !this.#forms.has(form));
    const characters = this.#characters + charactersOf(added);
    if (characters > mostCharacters) throw new InvalidInput([tooMany(at)]);
    this.#characters = characters;
    this.#secrets.add(secret);
    for (const form of added) {
      this.#forms.add(form);
      this.#added.push(form);
    }
  }

  /** Whether there is anything to mask. */
  get knowsAny(): boolean {
    return this.#forms.size > 0;
  }

  /** Grows with every secret; while it is unchanged, earlier results are still valid. */
  get known(): number {
    return this.#secrets.size;
  }

  /** The places of secrets that are too short to be masked. May contain duplicates. */
  get tooShort(): readonly SourceRange[] {
    return this.#tooShort;
  }

  /** The text without secrets. */
  text(text: string): string {
    let shown = '';
    let from = 0;
    for (const { start, end } of this.find(text)) {
      shown += text.slice(from, start) + mask;
      from = end;
    }
    return from === 0 ? text : shown + text.slice(from);
  }

  /** The same for a text whose beginning or end may have been cut off within a secret. */
  cut(text: string): string {
    if (!this.knowsAny) return text;
    let [start, end] = [0, text.length];
    const known = borders(text);
    for (const form of this.#forms) {
      const before = overlap(form.slice(1), text, known);
      if (before >= fewest) start = Math.max(start, before);
      const begun = form.slice(0, -1);
      const behind = overlap(text, begun, borders(begun));
      if (behind >= fewest) end = Math.min(end, text.length - behind);
    }
    if (start >= end) return start === 0 && end === text.length ? this.text(text) : mask;
    return `${start > 0 ? mask : ''}${this.text(text.slice(start, end))}${end < text.length ? mask : ''}`;
  }

  /**
   * A value with secrets masked in all its texts, including keys; the same value if it has none. meshbook's own words,
   * such as a type, are kept.
   */
  value<T>(value: T): T {
    return this.knowsAny ? (this.#deep(value) as T) : value;
  }

  /** The places of secrets, in order; places that overlap or touch are merged. */
  find(text: string): readonly Hit[] {
    if (!this.knowsAny) return [];
    this.#know();
    return togetherHits(this.#searches.map((search) => search.find(text)));
  }

  #know(): void {
    if (this.#added.length === 0) return;
    let forms = this.#added;
    let characters = charactersOf(forms);
    for (let last = this.#searches.at(-1); last !== undefined; last = this.#searches.at(-1)) {
      if (last.characters > 2 * characters) break;
      forms = [...last.forms, ...forms];
      characters += last.characters;
      this.#searches.pop();
    }
    this.#searches.push(new FormSearch(forms));
    this.#added = [];
  }

  #deep(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#list(value);
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value;
    const entries = Object.entries(value);
    const masked = entries.map(
      ([key, inner]) => [this.text(key), ownWords.has(key) ? inner : this.#deep(inner)] as const,
    );
    const isSame = masked.every(([key, inner], i) => key === entries[i]?.[0] && inner === entries[i]?.[1]);
    return isSame ? value : Object.fromEntries(masked);
  }

  #list(list: readonly unknown[]): readonly unknown[] {
    const masked = list.map((element) => this.#deep(element));
    return masked.every((element, i) => element === list[i]) ? list : masked;
  }
}

/** Keys with meshbook's own words as values: a secret may happen to be `docker`. */
const ownWords = new Set(['type', 'kind', 'action', 'settle', 'risks', 'state']);

/** Fewer characters of a cut form reveal nothing. */
const fewest = 4;

function tooMany(at: SourceRange | undefined): Diagnostic {
  return tidy({
    severity: 'error',
    code: 'too-many-secrets',
    message: 'the secrets that are used are too many or too long to be masked',
    hint: 'mark fewer values as secret, or shorter ones',
    range: at,
  });
}

/**
 * The secrets of this process. There is one masker: everything that the process prints or saves goes through it, in
 * every command, and a secret stays secret.
 */
export const secrets = new Masker();
