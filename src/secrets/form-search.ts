/** A place in a text, in UTF-16 offsets; `end` is exclusive. */
export interface Hit {
  readonly start: number;
  readonly end: number;
}

/** Letters of a form that no earlier form shares: nodes in a row. */
interface Branch {
  /** The node at which it branches off, and the number of letters before its first own one. */
  readonly parent: number;
  readonly depth: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Finds many texts in another one in one pass (Aho and Corasick, 1975), in linear time for all inputs. Takes about 12
 * bytes per character: a node is a number, and arrays hold its data.
 */
export class FormSearch {
  readonly forms: readonly string[];
  /** The sum of all forms. */
  readonly characters: number;
  /** By node: the letter that leads to it, from the previous node if it `follows`. Node 0 is the root. */
  readonly #unit: Uint16Array;
  readonly #follows: Uint8Array;
  /** By node: whether there are further branches, in `#others`. */
  readonly #forks: Uint8Array;
  readonly #others = new Map<number, number>();
  /** By letter: the node where a form begins. */
  readonly #first = new Int32Array(0x10000);
  /** By node: the length of the longest form that ends there. */
  readonly #longest: Int32Array;
  /** By node: where to continue if no form does: the longest suffix of its path that begins another form. */
  readonly #fallback: Int32Array;
  #nodes = 1;

  constructor(forms: readonly string[]) {
    this.forms = forms;
    this.characters = charactersOf(forms);
    const most = this.characters + 2;
    this.#unit = new Uint16Array(most);
    this.#follows = new Uint8Array(most);
    this.#forks = new Uint8Array(most);
    this.#longest = new Int32Array(most);
    this.#fallback = new Int32Array(most);
    this.#fallBack(forms.flatMap((form) => this.#add(form) ?? []));
  }

  /** The places of forms, in order; places that overlap or touch are merged. */
  find(text: string): Hit[] {
    const hits: Hit[] = [];
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      node = this.#step(node, text.charCodeAt(i));
      const longest = this.#longest[node] as number;
      if (longest > 0) addHit(hits, { start: i + 1 - longest, end: i + 1 });
    }
    return hits;
  }

  #add(form: string): Branch | undefined {
    let parent = 0;
    let known = 0;
    for (; known < form.length; known++) {
      const next = this.#next(parent, form.charCodeAt(known));
      if (next === 0) break;
      parent = next;
    }
    const first = this.#nodes;
    for (let i = known; i < form.length; i++) {
      const node = this.#nodes++;
      this.#unit[node] = form.charCodeAt(i);
      if (i > known || (parent > 0 && parent === first - 1)) this.#follows[node] = 1;
    }
    const end = this.#nodes;
    this.#longest[end > first ? end - 1 : parent] = form.length;
    if (end === first) return undefined;
    const unit = form.charCodeAt(known);
    if (parent === 0) this.#first[unit] = first;
    else if (parent < first - 1) {
      this.#forks[parent] = 1;
      this.#others.set(parent * 0x10000 + unit, first);
    }
    return { parent, depth: known + 1, first, end };
  }

  /** In order of depth, so that each fallback is already complete. */
  #fallBack(branches: readonly Branch[]): void {
    const waiting = [...branches].sort((a, b) => b.depth - a.depth);
    let under: Branch[] = [];
    for (let depth = 1; under.length + waiting.length > 0; depth++) {
      while (waiting.at(-1)?.depth === depth) under.push(waiting.pop() as Branch);
      let ended = false;
      for (const branch of under) {
        const node = branch.first + depth - branch.depth;
        const parent = node === branch.first ? branch.parent : node - 1;
        const fallback =
          parent === 0 ? 0 : this.#step(this.#fallback[parent] as number, this.#unit[node] as number);
        this.#fallback[node] = fallback;
        if (this.#longest[node] === 0) this.#longest[node] = this.#longest[fallback] as number;
        ended ||= node === branch.end - 1;
      }
      if (ended) under = under.filter(({ first, depth: begun, end }) => first + depth - begun < end - 1);
    }
  }

  #step(from: number, unit: number): number {
    for (let node = from; ; node = this.#fallback[node] as number) {
      const next = this.#next(node, unit);
      if (next !== 0 || node === 0) return next;
    }
  }

  /** 0: no form continues with it. */
  #next(node: number, unit: number): number {
    if (node === 0) return this.#first[unit] as number;
    if (this.#follows[node + 1] === 1 && this.#unit[node + 1] === unit) return node + 1;
    return this.#forks[node] === 1 ? (this.#others.get(node * 0x10000 + unit) ?? 0) : 0;
  }
}

export function charactersOf(forms: readonly string[]): number {
  return forms.reduce((sum, form) => sum + form.length, 0);
}

/** Adds a place that ends after all others, merged with those that it overlaps or touches. */
function addHit(hits: Hit[], { start: from, end }: Hit): void {
  let start = from;
  for (let last = hits.at(-1); last !== undefined && last.end >= start; last = hits.at(-1)) {
    start = Math.min(start, last.start);
    hits.pop();
  }
  hits.push({ start, end });
}

/** The places found by several searches, merged as if found by one. */
export function togetherHits(found: readonly (readonly Hit[])[]): readonly Hit[] {
  const some = found.filter((hits) => hits.length > 0);
  if (some.length <= 1) return some[0] ?? [];
  const hits: Hit[] = [];
  for (const hit of some.flat().sort((a, b) => a.end - b.end)) addHit(hits, hit);
  return hits;
}

/** For each prefix of `text`, how far a broken match may fall back (Knuth, Morris and Pratt). */
export function borders(text: string): Int32Array {
  const found = new Int32Array(text.length);
  for (let i = 1, length = 0; i < text.length; i++) {
    length = grown(length, text.charCodeAt(i), text, found);
    found[i] = length;
  }
  return found;
}

/**
 * The greatest number of characters at the end of `one` that are the beginning of `other`; `known` holds the borders
 * of `other`.
 */
export function overlap(one: string, other: string, known: Int32Array): number {
  let length = 0;
  for (let i = Math.max(0, one.length - other.length); i < one.length; i++)
    length = grown(length, one.charCodeAt(i), other, known);
  return length;
}

function grown(from: number, unit: number, text: string, known: Int32Array): number {
  let length = from;
  while (length > 0 && text.charCodeAt(length) !== unit) length = known[length - 1] as number;
  return text.charCodeAt(length) === unit ? length + 1 : length;
}
