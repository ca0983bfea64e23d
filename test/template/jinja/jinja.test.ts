import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn } from '../../../src/template/context.ts';
import { renderText } from '../../../src/template/render.ts';
import { nowhere } from '../source.ts';
import { variables } from './random-template.ts';

interface Case {
  readonly template: string;
  /** Null: refused. */
  readonly result: string | null;
}

// Made with the real Jinja by make-cases.ts.
const cases: readonly Case[] = JSON.parse(readFileSync(join(import.meta.dirname, 'cases.json'), 'utf8'));

it('renders random templates like the real Jinja', () => {
  expect(cases.length).toBe(400);
  const made = cases.map(({ template, result }) => {
    const { value, diagnostics } = renderText(template, namesIn(variables), nowhere([]));
    return { template, result: diagnostics.length > 0 ? null : String(value), wanted: result };
  });
  expect(made.filter(({ result, wanted }) => result !== wanted)).toEqual([]);
  expect(made.filter(({ wanted }) => wanted !== null).length).toBeGreaterThan(380);
});
