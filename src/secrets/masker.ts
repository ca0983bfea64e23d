import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { canBeMasked, formsOf } from './forms.ts';

/** What stands where a secret was. Neither its length nor a sum of it is told. */
const mask = '***';

/** A place in a text, by UTF-16 offsets; `end` isn't part of it. */
export interface Hit {
  readonly start: number;
  readonly end: number;
}

/** One letter on the way through all forms of all secrets (Aho and Corasick, 1975). */
interface Node {
  readonly next: Map<number, Node>;
  /** The length of the longest form that ends here. */
  longest: number;
  /** Where to go on when no form goes on from here: the longest end of this way that begins another. */
  fallback: Node | undefined;
}

/**
 * Knows secrets and takes them out of texts. It finds them by their text alone, so it doesn't find parts of one, nor
 * one in another case, compressed or encrypted.
 */
export class Masker {
  readonly #secrets = new Set<string>();
  readonly #forms = new Set<string>();
  readonly #tooShort: SourceRange[] = [];
  #root: Node | undefined;

  /** From now on `secret` is masked. `at`: where it is written, for a warning where it can't be. */
  add(secret: string, at?: SourceRange): void {
    if (this.#secrets.has(secret)) return;
    if (!canBeMasked(secret)) {
      if (at !== undefined && secret.trim() !== '') this.#tooShort.push(at);
      return;
    }
    this.#secrets.add(secret);
    for (const form of formsOf(secret)) this.#forms.add(form);
    this.#root = undefined;
  }

  /** Whether there is anything to mask. */
  get knowsAny(): boolean {
    return this.#forms.size > 0;
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
    for (const form of this.#forms) {
      for (let length = Math.min(form.length - 1, text.length); length >= fewest; length--) {
        if (length > start && text.startsWith(form.slice(-length))) start = length;
        if (length > text.length - end && text.endsWith(form.slice(0, length))) end = text.length - length;
      }
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
  find(text: string): Hit[] {
    if (!this.knowsAny || text.length < fewest) return [];
    this.#root ??= build(this.#forms);
    const hits: { start: number; end: number }[] = [];
    let node = this.#root;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      let next = node.next.get(unit);
      while (next === undefined && node.fallback !== undefined) {
        node = node.fallback;
        next = node.next.get(unit);
      }
      node = next ?? this.#root;
      if (node.longest === 0) continue;
      const end = i + 1;
      let start = end - node.longest;
      for (let last = hits.at(-1); last !== undefined && last.end >= start; last = hits.at(-1)) {
        start = Math.min(start, last.start);
        hits.pop();
      }
      hits.push({ start, end });
    }
    return hits;
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

/** No form is shorter. */
const fewest = 4;

function build(forms: Iterable<string>): Node {
  const root: Node = { next: new Map(), longest: 0, fallback: undefined };
  for (const form of forms) {
    let node = root;
    for (let i = 0; i < form.length; i++) {
      const unit = form.charCodeAt(i);
      let next = node.next.get(unit);
      if (next === undefined) {
        next = { next: new Map(), longest: 0, fallback: root };
        node.next.set(unit, next);
      }
      node = next;
    }
    node.longest = form.length;
  }
  // By length, so that what a node falls back to is complete.
  for (const nodes = [root], at = { i: 0 }; at.i < nodes.length; at.i++) {
    const node = nodes[at.i] as Node;
    for (const [unit, next] of node.next) {
      let fallback = node.fallback;
      while (fallback !== undefined && !fallback.next.has(unit)) fallback = fallback.fallback;
      next.fallback = fallback?.next.get(unit) ?? root;
      next.longest ||= next.fallback.longest;
      nodes.push(next);
    }
  }
  return root;
}

/**
 * What this process has learnt to be secret. One for the process: whatever it prints or keeps, and in whatever
 * command, goes through it, and what has been secret once stays so.
 */
export const secrets = new Masker();
