import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLines, FrameReader, frameScript } from '../../src/transport/framing.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'meshbook-framing-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const nonce = '0123456789abcdef';
const sh = (input: string) => spawnSync('sh', ['-c', commandLines.plain], { input, encoding: 'utf8' });

function read(chunks: readonly Buffer[]) {
  const parts: Buffer[] = [];
  const reader = new FrameReader(nonce, (part) => parts.push(Buffer.from(part)));
  for (const chunk of chunks) reader.push(chunk);
  reader.finish();
  return {
    output: Buffer.concat(parts).toString('utf8'),
    begun: reader.begun,
    exitCode: reader.exitCode,
    noise: reader.noise,
  };
}

describe('a truncated script', () => {
  it('runs nothing, wherever it is cut', () => {
    const file = join(dir, 'ran');
    const framed = frameScript(
      `touch ${file}\nf() {\ntouch ${file}\n}\nf\ncat <<END\nx\nEND\ntouch ${file}`,
      nonce,
    );
    // The last cut removes only the newline after the call: sh then has the whole script.
    const cuts = Array.from({ length: framed.length - 1 }, (_, i) => i).filter(
      (i) => i % 5 === 0 || framed.length - i < 20,
    );
    for (const cut of cuts) {
      const { stdout } = sh(framed.slice(0, cut));
      expect(existsSync(file), `cut at ${cut}`).toBe(false);
      expect(stdout).not.toContain('meshbook-end');
    }
    expect(sh(framed).stdout).toContain('meshbook-end');
    expect(existsSync(file)).toBe(true);
  });
});

describe('text before the marker line', () => {
  it.each([
    ['a password', 'touch FILE; #secret\n'],
    ['a password with shell in it', '"; touch FILE; "$(touch FILE)`touch FILE`\n'],
    ['a backslash', 'touch FILE\\\n'],
  ])('is never run: %s', (_, before) => {
    const file = join(dir, 'evil');
    const result = sh(before.replaceAll('FILE', file) + frameScript('echo fine', nonce));
    expect(read([Buffer.from(result.stdout)])).toMatchObject({ output: 'fine\n', exitCode: 0 });
    expect(existsSync(file)).toBe(false);
  });
});

describe('the reader', () => {
  const stream = (noise: string, output: string, code = 0) =>
    Buffer.from(`${noise}meshbook-begin ${nonce}\n${output}meshbook-end ${nonce} ${code}\n`);

  it('gives the same output however the stream is split', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.nat(255),
        fc.array(fc.nat(400)),
        (noise, output, code, cuts) => {
          const whole = stream(noise, output, code);
          const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
          const chunks = at.slice(1).map((end, i) => whole.subarray(at[i], end));
          expect(read(chunks)).toMatchObject({ output, exitCode: code, begun: true });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('emits each line at once', () => {
    const parts: string[] = [];
    const reader = new FrameReader(nonce, (part) => parts.push(part.toString()));
    reader.push(Buffer.from(`meshbook-begin ${nonce}\none\n`));
    expect(parts).toEqual(['one\n']);
    reader.push(Buffer.from('two meshbook'));
    expect(parts).toEqual(['one\n', 'two ']);
    reader.push(Buffer.from('!\n'));
    expect(parts.join('')).toBe('one\ntwo meshbook!\n');
  });

  it('does not mistake another nonce for its own', () => {
    const result = read([Buffer.from('meshbook-begin 9999\nx\nmeshbook-end 9999 0\n')]);
    expect(result).toMatchObject({ begun: false, output: '' });
    expect(result.exitCode).toBeUndefined();
    expect(result.noise).toContain('9999');
  });

  it('keeps only the beginning of endless noise', () => {
    const result = read(Array.from({ length: 100 }, () => Buffer.alloc(10_000, 'n')));
    expect(result.noise.length).toBeLessThan(25_000);
  });

  it('emits everything that came before the stream broke off', () => {
    const result = read([Buffer.from(`meshbook-begin ${nonce}\nall of meshbook-e`)]);
    expect(result).toMatchObject({ output: 'all of meshbook-e', begun: true });
    expect(result.exitCode).toBeUndefined();
  });
});

it('needs no quoting on which login shells disagree', () => {
  for (const line of Object.values(commandLines)) {
    const quoted = /sh -c '([^']*)'(?: meshbook "\$SSH_CONNECTION")?$/.exec(line)?.[1];
    expect(quoted).toBeDefined();
    expect(quoted).not.toMatch(/[\\!'\n]/);
  }
});
