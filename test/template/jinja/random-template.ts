/** The templates' variables; `jinja.py` gives Jinja the same. */
export const variables = {
  n: 3,
  zero: 0,
  half: 0.5,
  yes: true,
  no: false,
  nothing: null,
  text: 'ovs_bridge',
  odd: 'aé😀-{{ }} b',
  names: ['b', 'a', 'c', 'b'],
  numbers: [10, 9, 2],
  empty: [],
  host: { name: 'docker1', groups: ['all', 'docker_hosts'], ports: { a: 1, b: 2 } },
};

/** Integers below `bound`, the same for the same seed. */
export type Random = (bound: number) => number;

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

/**
 * A template of the documented language. Statements and comments are either on their own line or between other
 * characters, since Jinja's `trim_blocks` removes the newline after any of them. Most comparisons and concatenations
 * are of one type.
 */
export function randomTemplate(random: Random): string {
  const template = new Writer(random);
  const lines = Array.from({ length: 1 + random(5) }, () => template.line(2));
  return lines.join('') + (random(3) === 0 ? '' : template.pick(['\n', 'end', '\n\n', ' ']));
}

type Type = 'number' | 'text' | 'boolean' | 'list' | 'texts';

class Writer {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.#random(choices.length)] as T;
  }

  #chance(one: number): boolean {
    return this.#random(one) === 0;
  }

  /** One line, or a statement of several. */
  line(depth: number): string {
    if (depth === 0 || this.#chance(2)) return `${this.#words()}${this.#inline(depth)}${this.#words()}\n`;
    const indent = this.pick(['', '  ', '\t']);
    const tag = (inside: string) =>
      `${indent}{%${this.pick(['', '', '-', '+'])} ${inside} ${this.pick(['', '', '-', '+'])}%}\n`;
    const body = () => Array.from({ length: 1 + this.#random(2) }, () => this.line(depth - 1)).join('');
    switch (this.#random(6)) {
      case 0:
        return `${tag(`if ${this.expression('boolean', 2)}`)}${body()}${this.#chance(2) ? `${tag(`elif ${this.expression('boolean', 1)}`)}${body()}` : ''}${this.#chance(2) ? `${tag('else')}${body()}` : ''}${tag('endif')}`;
      case 1:
        return this.#loop(tag, body);
      case 2:
        return `${indent}{#${this.pick(['', '-', '+'])} ${this.pick(['why', '{{ x', "don't"])} ${this.pick(['', '-', '+'])}#}\n`;
      case 3:
        return `${indent}{%${this.pick(['', '-', '+'])} raw ${this.pick(['', '-'])}%}\n {{ no }} {% x %}\n${indent}{%${this.pick(['', '-', '+'])} endraw ${this.pick(['', '-', '+'])}%}\n`;
      default:
        return tag(this.#set());
    }
  }

  #set(): string {
    const name = this.pick(['u', 'v']);
    return `set ${name} = ${this.expression('number', 2)}`;
  }

  #loop(tag: (inside: string) => string, body: () => string): string {
    const otherwise = this.#chance(3) ? `${tag('else')}${body()}` : '';
    if (this.#chance(3)) {
      const header = tag(`for key, value in ${this.pick(['host.ports', "{'x': 1, 'y': 2}"])}`);
      return `${header}${body()}{{ key }}={{ value }}\n${otherwise}${tag('endfor')}`;
    }
    const list = this.#chance(6) ? '(4, 5)' : this.expression(this.pick(['list', 'texts']), 1);
    const header = tag(`for item in ${list}`);
    return `${header}${body()}{{ item }} {{ loop.${this.pick(['index', 'index0', 'first', 'last', 'length'])} }}\n${otherwise}${tag('endfor')}`;
  }

  #words(): string {
    return this.pick(['x', 'a b', '.', 'x=', '# y', '$', '{ }', '}}', '%}', "'", '\\', 'é', '{ ']);
  }

  #inline(depth: number): string {
    const pieces = Array.from({ length: 1 + this.#random(3) }, () => this.#piece(depth));
    return pieces
      .map((piece) => `${this.pick(['', ' ', '  '])}${piece}${this.pick(['', ' '])}`)
      .join(this.#words());
  }

  #piece(depth: number): string {
    const left = this.pick(['', '', '', '-', '+']);
    const right = this.pick(['', '', '', '-']);
    switch (this.#random(8)) {
      case 0:
        return `|{%${left} if ${this.expression('boolean', depth)} ${right}%}.y.{%${right} else %}.n.{% endif ${right}%}|`;
      case 1:
        return `|{%${left} for i in ${this.expression('list', depth)} ${right}%}.{{ i }}.{% endfor ${right}%}|`;
      case 2:
        return `|{#${left} x ${right}#}|`;
      case 3:
        return `|{%${left} raw ${right}%}.{{ '{#' }}.{% endraw ${right}%}|`;
      default:
        return `{{${left} ${this.expression(this.pick(['number', 'text', 'boolean', 'text']), depth + 1)} ${right}}}`;
    }
  }

  /** Parentheses only here and there: Jinja's precedence is ours. */
  expression(type: Type, depth: number): string {
    if (depth > 0 && this.#chance(8)) return `(${this.expression(type, depth - 1)})`;
    if (depth > 0 && this.#chance(10)) {
      return `(${this.expression(type, depth - 1)} if ${this.expression('boolean', depth - 1)} else ${this.expression(type, depth - 1)})`;
    }
    return depth === 0 ? this.#plain(type) : this.#compound(type, depth - 1);
  }

  #plain(type: Type): string {
    switch (type) {
      case 'number':
        return this.pick([
          'n',
          'zero',
          '7',
          '1_000',
          '0x1F',
          '0b11',
          '2.5',
          '15e-1',
          'half',
          'numbers[0]',
          'numbers.1',
          'host.ports.a',
          '-n',
          '- 4',
          'numbers[-1]',
        ]);
      case 'text':
        return this.pick([
          'text',
          'odd',
          'host.name',
          "host['name']",
          "'a\\tb\\x41\\u00e9\\q'",
          '"it\'s"',
          "'}}'",
          "'{% x %}'",
          'names[1]',
          'names.0',
          "''",
          'text[2]',
          'odd[2]',
        ]);
      case 'boolean':
        return this.pick([
          'yes',
          'no',
          'true',
          'False',
          '(nothing is none)',
          '(n is number)',
          '(missing is defined)',
          '(text is string)',
          '(host is not mapping)',
        ]);
      case 'list':
        return this.pick(['numbers', '[1, 2, n]', 'empty', '[3,]', '[]', '[-n, numbers.1,]']);
      case 'texts':
        return this.pick(['names', 'host.groups', "['x', text]", "['z']"]);
    }
  }

  #compound(type: Type, depth: number): string {
    const e = (inner: Type) => this.expression(inner, depth);
    switch (type) {
      case 'number':
        return this.pick([
          () => `${e('number')} ${this.pick(['+', '-', '*'])} ${e('number')}`,
          () => `${e('number')} ${this.pick(['//', '%'])} ${this.pick(['2', '3', 'n', '-2'])}`,
          () => `${this.pick(['2', 'n', '-2', 'half'])} ** ${this.pick(['2', '3', 'n', '2 ** 2'])}`,
          () => `-(${e('number')})`,
          () => `(${e('text')}) | length`,
          () => `(${e('list')}) | length`,
          () => `(${e('list')} | first | default(${e('number')}))`,
          () => `missing | default(${e('number')})`,
          () => `numbers[${this.pick(['0', '1', '-1', 'zero', 'n - 1'])}]`,
          () => `(${e('list')})${this.#slice()} | length`,
        ])();
      case 'text':
        return this.pick([
          () => `${e('text')} ~ ${this.pick([e('text'), this.#plain('text'), 'n', '1 * 2'])}`,
          () =>
            `(${e('text')}) | ${this.pick(['upper', 'lower', 'trim', 'string', "replace('b', 'xy')", "default('d')"])}`,
          () => `${this.#plain('text')}${this.#slice()}`,
          () => `(${e('texts')}) | join(${this.pick(["','", "''", 'text'])})`,
          () => `(${e('list')}) | join('-')`,
          () => `(${e('texts')}) | ${this.pick(['first', 'last'])}`,
          () => `(${e('texts')})${this.#slice()} | join('+')`,
          () => `(${e('text')} if ${e('boolean')} else ${e('text')})`,
        ])();
      case 'boolean':
        return this.pick([
          () => `${e('boolean')} ${this.pick(['and', 'or'])} ${e('boolean')}`,
          () => `not ${e('boolean')}`,
          () => `${e('number')} ${this.pick(['==', '!=', '<', '<=', '>', '>='])} ${e('number')}`,
          () => `${e('text')} ${this.pick(['==', '!=', '<', '>'])} ${e('text')}`,
          () => `${e('text')} ${this.pick(['in', 'not in'])} ${this.pick([e('text'), e('texts')])}`,
          () => `${e('number')} ${this.pick(['in', 'not in'])} ${e('list')}`,
          () => `${this.#plain('text')} ${this.pick(['in', 'not in'])} ${this.pick(['host', 'host.ports'])}`,
          () => `${e('list')} == ${e('list')}`,
        ])();
      case 'list':
        return this.pick([
          () => `(${e('list')}) | ${this.pick(['sort', 'unique'])}`,
          () => `${this.#plain('list')}${this.#slice()}`,
        ])();
      case 'texts':
        return this.pick([
          () => `[${e('text')}, ${e('text')}]`,
          () => `(${e('texts')}) | sort`,
          () => `${this.#plain('texts')}${this.#slice()}`,
        ])();
    }
  }

  #slice(): string {
    const bound = () => this.pick(['', '', '0', '1', '2', '-1', '-2', '5', '-9', 'n', 'none']);
    return `[${bound()}:${bound()}${this.pick(['', ':', ':2', ':-1', ':-2', ':1'])}]`;
  }
}
