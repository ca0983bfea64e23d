import { spendWork } from '../../source/allowance.ts';

/** The maximum number of states of one pattern: `(a{99}){99}` has 10,000. */
const mostStates = 10_000;

/** Where a match continues: after one character that `accepts`, or immediately, then perhaps only if `holds`. */
type State =
  | { readonly accepts: (char: string) => boolean; next: number }
  | { readonly ways: number[]; readonly holds?: (text: string, at: number) => boolean };

/** A pattern that is refused; the message says why. */
export class PatternFault extends Error {}

/**
 * A regular expression that is matched in at most |states| × |text| steps: all alternatives are followed at the same
 * time (Thompson, 1968), not one after the other as in JavaScript, where `(a+)+$` takes 2ⁿ steps. JavaScript's syntax
 * without back references and lookaround, which can't be matched in this way.
 */
export class LinearPattern {
  readonly #states: State[] = [];
  readonly #start: number;
  readonly #end: number;

  /** @throws PatternFault */
  constructor(source: string) {
    refuseLong(source);
    this.#end = this.#add({ ways: [] });
    const parser = new Parser(source, (state) => this.#add(state));
    this.#start = parser.parse(this.#end);
  }

  /** Whether the text begins with a match; with `whole`, whether all of it matches. */
  matches(text: string, whole = false): boolean {
    spendWork(1);
    let current = this.#closure([this.#start], text, 0);
    for (let at = 0; ; at++) {
      if (current.has(this.#end) && (!whole || at === text.length)) return true;
      if (at === text.length || current.size === 0) return false;
      const char = text.charAt(at);
      const next: number[] = [];
      for (const index of current) {
        const state = this.#states[index];
        if (state !== undefined && 'accepts' in state && state.accepts(char)) next.push(state.next);
      }
      current = this.#closure(next, text, at + 1);
    }
  }

  #add(state: State): number {
    if (this.#states.length >= mostStates) throw new PatternFault('it is too large');
    return this.#states.push(state) - 1;
  }

  /** All states that can be reached without another character. */
  #closure(from: readonly number[], text: string, at: number): Set<number> {
    const found = new Set(from);
    // Iterating over a set includes elements that are added meanwhile.
    for (const index of found) {
      const state = this.#states[index];
      if (state === undefined || !('ways' in state) || !(state.holds?.(text, at) ?? true)) continue;
      for (const way of state.ways) found.add(way);
    }
    spendWork(1 + found.size);
    return found;
  }
}

/** Most characters become a state. @throws PatternFault for too many, before any is made. */
export function refuseLong(source: string): void {
  if (source.length > mostStates) throw new PatternFault('it is too large');
}

const word = (char: string) => /\w/.test(char);

/** Builds states from the end to the beginning: each part is told where its match continues. */
class Parser {
  readonly #source: string;
  readonly #add: (state: State) => number;
  #at = 0;
  #depth = 0;

  constructor(source: string, add: (state: State) => number) {
    this.#source = source;
    this.#add = add;
  }

  parse(end: number): number {
    const whole = this.#alternatives();
    if (this.#at < this.#source.length) throw new PatternFault("a ')' has no '('");
    return whole(end);
  }

  /** A part: a function that adds its states, given the next one, and returns the first. */
  #alternatives(): (next: number) => number {
    if (++this.#depth > 100) throw new PatternFault('it is nested too deeply');
    const parts = [this.#sequence()];
    while (this.#takes('|')) parts.push(this.#sequence());
    this.#depth--;
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return (next) => this.#add({ ways: parts.map((part) => part(next)) });
  }

  #sequence(): (next: number) => number {
    const parts: ((next: number) => number)[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#peek())) parts.push(this.#repeated());
    if (parts.length === 0) return empty(this.#add);
    return (next) => parts.reduceRight((after, part) => part(after), next);
  }

  #repeated(): (next: number) => number {
    const part = this.#atom();
    const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.#rest(24));
    if (match === null) return part;
    this.#at += match[0].length;
    const [, sign, least = '0', comma, most = ''] = match;
    if (sign === '*') return repeat(part, 0, undefined, this.#add);
    if (sign === '+') return repeat(part, 1, undefined, this.#add);
    if (sign === '?') return repeat(part, 0, 1, this.#add);
    const to = comma === '' ? Number(least) : most === '' ? undefined : Number(most);
    if (to !== undefined && to < Number(least))
      throw new PatternFault('the numbers of a {} are in the wrong order');
    return repeat(part, Number(least), to, this.#add);
  }

  #atom(): (next: number) => number {
    if (this.#takes('(')) {
      if (/^\?(?:[=!]|<[=!])/.test(this.#rest(3))) throw new PatternFault('it looks ahead or behind');
      const named = /^\?(?::|P?<[A-Za-z_]\w*>)/.exec(this.#rest(80));
      if (named === null && this.#peek() === '?') throw new PatternFault('it has a group of an unknown sort');
      this.#at += named?.[0].length ?? 0;
      const inner = this.#alternatives();
      if (!this.#takes(')')) throw new PatternFault("a '(' is never closed");
      return inner;
    }
    if (/^(?:[*+?]|\{\d+,?\d*\})/.test(this.#rest(24))) throw new PatternFault('there is nothing to repeat');
    if (this.#takes('^')) return this.#where((_, at) => at === 0);
    if (this.#takes('$')) return this.#where((text, at) => at === text.length);
    if (/^\\[bB]/.test(this.#rest(2))) {
      const wanted = this.#rest(2) === '\\b';
      this.#at += 2;
      return this.#where((text, at) => (word(text.charAt(at - 1)) !== word(text.charAt(at))) === wanted);
    }
    return this.#character(this.#one());
  }

  /** The source of one character's expression. */
  #one(): string {
    const set = this.#peek() === '[' ? this.#set() : undefined;
    if (set !== undefined) return set;
    const escaped = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|[\s\S])/.exec(this.#rest(6))?.[0];
    if (escaped !== undefined && /^\\[1-9kpP]/.test(escaped))
      throw new PatternFault('it has a back reference or a property');
    const one = escaped ?? this.#peek();
    if (one === '\\') throw new PatternFault('it ends with a backslash');
    this.#at += one.length;
    return one;
  }

  #set(): string {
    for (let end = this.#at + 1; end < this.#source.length; end++) {
      if (this.#source[end] === '\\') end++;
      else if (this.#source[end] === ']') {
        const set = this.#source.slice(this.#at, end + 1);
        this.#at = end + 1;
        return set;
      }
    }
    throw new PatternFault("a '[' is never closed");
  }

  /** JavaScript matches a single character; nothing in it can repeat. */
  #character(source: string): (next: number) => number {
    let single: RegExp;
    try {
      single = new RegExp(`^(?:${/^[{}\]/]$/.test(source) ? `\\${source}` : source})$`);
    } catch {
      throw new PatternFault(`'${source}' means nothing`);
    }
    const known = new Map<string, boolean>();
    const accepts = (char: string) => {
      let is = known.get(char);
      if (is === undefined) {
        is = single.test(char);
        known.set(char, is);
      }
      return is;
    };
    return (next) => this.#add({ accepts, next });
  }

  #where(holds: (text: string, at: number) => boolean): (next: number) => number {
    return (next) => this.#add({ ways: [next], holds });
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #rest(length: number): string {
    return this.#source.slice(this.#at, this.#at + length);
  }

  #takes(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }
}

/** A part that matches nothing has a state, too: every part has, so that their number bounds the work. */
function empty(add: (state: State) => number): (next: number) => number {
  return (next) => add({ ways: [next] });
}

function repeat(
  part: (next: number) => number,
  least: number,
  most: number | undefined,
  add: (state: State) => number,
): (next: number) => number {
  if (most === 0) return empty(add);
  return (next) => {
    let first = next;
    if (most === undefined) {
      const ways = [next];
      first = add({ ways });
      ways.unshift(part(first));
    } else {
      for (let i = least; i < most; i++) first = add({ ways: [part(first), next] });
    }
    for (let i = 0; i < least; i++) first = part(first);
    return first;
  };
}
