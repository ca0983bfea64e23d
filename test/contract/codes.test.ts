import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../src/diagnostics/codes/registry.ts';
import { worldCodes } from '../../src/diagnostics/codes/world.ts';
import { positionAt } from '../../src/diagnostics/position.ts';
import { diagnosticsOf } from '../diagnostics/codes/run-example.ts';
import { sources } from './sources.ts';

const folder = join(import.meta.dirname, '..');
const entries = [...registry].map(([code, entry]) => ({ code, ...entry }));
const theirCode =
  /(?:\bcode(?::| =|:\s*[^'\n]*\?)|new (?:RunError|Fault)\(|\b(?:problem|report|this\.error|failed)\()\s*'([a-z]+(?:-[a-z]+)*)'/g;

describe('the registry of codes', () => {
  it('has every code once, in kebab-case', () => {
    expect(new Set(entries.map(({ code }) => code)).size).toBe(entries.length);
    for (const { code } of entries) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('has every code that the sources use', () => {
    const used = sources.flatMap(({ text }) => [...text.matchAll(theirCode)].map(([, code]) => code ?? ''));
    expect(used.length).toBeGreaterThan(100);
    expect([...new Set(used)].filter((code) => !registry.has(code))).toEqual([]);
  });

  it.each(entries)('$code is used by the sources', ({ code }) => {
    const users = sources.filter(
      ({ path, text }) => !path.startsWith('diagnostics/codes/') && new RegExp(`'${code}'`).test(text),
    );
    expect(users.map(({ path }) => path)).not.toEqual([]);
  });
});

describe.each(entries)('$code', ({ code, severity, title, cause, mend, example }) => {
  it('says in a sentence without a full stop what is wrong, why, and what to do', () => {
    expect(title).toMatch(/^\S.*[^.]$/);
    expect(cause).toMatch(/^\S.*\.$/);
    expect(mend).toMatch(/^\S.*\.$/);
  });

  // test/commands/codes.test.ts runs the examples that are commands.
  if (example !== undefined && example.command === undefined) {
    it('results from its example, at a place in a file', async () => {
      const found = (await diagnosticsOf(example, 'wrong')).filter((diagnostic) => diagnostic.code === code);
      expect(found.map((diagnostic) => diagnostic.message)).not.toEqual([]);
      for (const diagnostic of found) {
        if (severity !== 'either') expect(diagnostic.severity).toBe(severity);
        const { range } = diagnostic;
        expect(range, diagnostic.message).toBeDefined();
        if (range !== undefined) expect(positionAt(range.source, range.start).line).toBeGreaterThan(0);
      }
    });

    it('is gone after the fix, and nothing else is wrong', async () => {
      const said = await diagnosticsOf(example, 'mended');
      expect(said.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`)).toEqual([]);
    });
  }
});

const bare = entries.filter(({ code, example }) => example === undefined && !(code in worldCodes));

describe.each(bare)('$code, without an example,', ({ code }) => {
  it('is covered by another test', () => {
    const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.test.ts'),
    );
    const about = tests.filter((path) =>
      new RegExp(`\\b${code}\\b`).test(readFileSync(join(folder, path), 'utf8')),
    );
    expect(about).not.toEqual([]);
  });
});
