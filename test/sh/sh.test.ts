import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indent, lines, raw, sh } from '../../src/sh/sh.ts';

function echo(fragment: string): string {
  return execFileSync('sh', ['-s'], { input: fragment, encoding: 'utf8' });
}

describe('sh', () => {
  it('passes any text as exactly one word', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'binary' }).filter((s) => !s.includes('\0')),
          { maxLength: 4 },
        ),
        (words) => {
          const output = echo(sh`printf '%s\n' $# ${'x'}; set -- ${words}; printf '<%s>\n' "$#" "$@"`.text);
          const expected = [`<${words.length}>`, ...words.map((word) => `<${word}>`)].join('\n');
          // sh reads bytes: what JavaScript can't encode arrives as U+FFFD on both sides.
          expect(output).toBe(`0\nx\n${Buffer.from(expected).toString()}\n`);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps fragments and quotes strings', () => {
    expect(sh`${raw('a | b')} ${'a | b'} ${7} ${['x y', 'z']}`.text).toBe("a | b 'a | b' 7 'x y' z");
  });

  it('quotes the empty word and a leading tilde', () => {
    expect(sh`${''} ${'~root'}`.text).toBe("'' '~root'");
  });

  it('shows only visible, harmless characters, and means the same', () => {
    const texts = [
      'a\u202eb',
      '\x1b[2J',
      "it's\r",
      '\u200b',
      'é\ufeff\u00adx',
      '\u{e0041}\x7f\u0085',
      'a\u00a0b',
      '\u202e\n',
    ];
    const fragment = sh`printf '<%s>' ${texts}`;
    expect(fragment.text).toMatch(/^[\n\x20-\x7eé]*$/);
    expect(echo(fragment.text)).toBe(texts.map((text) => `<${text}>`).join(''));
    expect(sh`${'a\u202eb'}`.text).toBe(`'a'"$(printf '\\342\\200\\256')"'b'`);
  });

  it('refuses a NUL byte', () => {
    expect(() => sh`${'a\0b'}`).toThrow(TypeError);
  });

  it('leaves out empty fragments', () => {
    expect(lines(raw('a'), undefined, raw(''), raw('b')).text).toBe('a\nb');
  });

  it('indents code but not the inside of quoted text', () => {
    expect(indent(lines(sh`printf %s ${'one\ntwo\n'}`, raw('done')))).toBe(
      "  printf %s 'one\ntwo\n'\n  done",
    );
  });

  it.each([
    ['in a comment', "# somebody else's"],
    ['in a comment after a command', "true; # it's there"],
    ['between double quotes', `echo "it's there"`],
    ['after a backslash', "echo it\\'s"],
  ])('does not take an apostrophe %s for the start of quoted text', (_, line) => {
    const content = sh`printf %s ${'one\ntwo\n'}`;
    expect(indent(lines(raw(line), content, raw('done')))).toBe(
      `  ${line}\n  printf %s 'one\ntwo\n'\n  done`,
    );
  });

  it.each(["echo 'a # b", 'echo "a # b', "echo a#'b", `echo "$(cat "$x")" 'b`])(
    'does not indent the line after one that leaves a quote open: %s',
    (line) => {
      expect(indent(raw(`${line}\nnext`))).toBe(`  ${line}\nnext`);
    },
  );
});
