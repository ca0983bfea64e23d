import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { InvalidInput } from '../diagnostics/errors.ts';
import { borders, charactersOf, FormSearch, type Hit, overlap, togetherHits } from './form-search.ts';
import { canBeMasked, formsOf } from './forms.ts';

/** What stands where a secret was. Neither its length nor a sum of it is told. */
const mask = '***';

/**
 * How many characters the forms of all secrets may have together: those of some 40,000 passwords, or of 2 MB in one
 * text. With more, masking would take the memory of a small machine.
 */
const mostCharacters = 16 * 1024 * 1024;

/**
 * Knows secrets and takes them out of texts. It finds them by their text alone, so it doesn't find parts of one, nor
 * one in another case, compressed or encrypted.
 */
export class Masker {
  readonly #secrets = new Set<string>();
  readonly #forms = new Set<string>();
  readonly #tooShort: SourceRange[] = [];
  #characters = 0;
  /** Forms that no search knows yet. */
  #added: string[] = [];
  /** Each at least twice as large as the next, so that what is added costs little whenever it is. */
  readonly #searches: FormSearch[] = [];

  /**
   * From now on `secret` is masked. `at`: where it is written, for a warning where it can't be.
   * @throws InvalidInput when that would take too much.
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

  /** Grows with every secret: what was found before is found again as long as it is the same. */
  get known(): number {
    return this.#secrets.size;
  }

  /** Where secrets are written that are too short to be told apart from other texts. May hold duplicates. */
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

  /** The same of a text whose beginning or end may have been cut off, and with it a part of a secret. */
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
   * A value of lists and mappings without secrets in any text of it, keys included; itself where it has none. Words of
   * meshbook's own, which tell what a value is, stay.
   */
  value<T>(value: T): T {
    return this.knowsAny ? (this.#deep(value) as T) : value;
  }

  /** Where secrets stand, in order; what overlaps or touches is one place. */
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

/** Keys whose values are such words: a secret may happen to be `docker`. */
const ownWords = new Set(['type', 'kind', 'action', 'settle', 'risks', 'state']);

/** Of a form that is cut off, fewer characters than this say nothing. */
const fewest = 4;

function tooMany(at: SourceRange | undefined): Diagnostic {
  return {
    severity: 'error',
    code: 'too-many-secrets',
    message: 'the secrets that are used are too many or too long to be masked',
    hint: 'mark fewer values as secret, or shorter ones',
    ...(at === undefined ? {} : { range: at }),
  };
}

/**
 * What this process has learnt to be secret. One for the process: whatever it prints or keeps, and in whatever
 * command, goes through it, and what has been secret once stays so.
 */
export const secrets = new Masker();
