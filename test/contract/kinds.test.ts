import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recheckOf } from '../../src/changes/registry.ts';
import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { validateSchema } from '../../src/model/schema/schema.ts';
import { effectsOf } from '../../src/plan/host-plan.ts';
import { loadCases, planCase } from '../kinds/cases.ts';
import { hostOverlay } from '../kinds/overlay.ts';
import { plannedCases } from '../kinds/planned-cases.ts';

const nowhere = () => ({ source: { path: 'example', text: '' }, start: 0, end: 0 });
const lab = hostOverlay({
  peers: [{ host: 'docker2', remoteAddress: '10.98.0.12', port: 'gre-docker2' }],
});
const view = { host: 'docker1', overlays: new Map([['lab', lab]]), step: 'Example' };
const all: Kind[] = [...kinds.values()];
const folder = join(import.meta.dirname, '../../src/kinds');

/** Every schema inside a schema, including itself. */
function schemasIn(schema: unknown): Record<string, unknown>[] {
  if (Array.isArray(schema)) return schema.flatMap(schemasIn);
  if (schema === null || typeof schema !== 'object') return [];
  const { properties = {}, ...rest } = schema as { properties?: object };
  return [
    schema as Record<string, unknown>,
    ...Object.values(rest).flatMap(schemasIn),
    ...Object.values(properties).flatMap(schemasIn),
  ];
}

describe('the registry of kinds', () => {
  it('has every kind that has a file', async () => {
    const notKinds = ['define-kind.ts', 'described.ts', 'registry.ts', 'shared', 'README.md'];
    const found: string[] = [];
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (notKinds.includes(entry.name)) continue;
      const file = entry.isDirectory() ? `${entry.name}/kind.ts` : entry.name;
      const { default: kind } = (await import(join(folder, file))) as { default?: Kind };
      expect(kind?.name, file).toBe(entry.name.replace('.ts', '').replaceAll('-', '_'));
      found.push(kind?.name ?? '');
    }
    expect([...kinds.keys()]).toEqual(found.sort());
  });

  it('has data cases for every kind, and kinds for all data cases', () => {
    expect([...new Set(loadCases().map(({ kind }) => kind))].sort()).toEqual([...kinds.keys()].sort());
  });
});

/** Everything that changes of data cases make and a step could remove. */
const removables = plannedCases()
  .flatMap(({ kind, one }) => effectsOf(planCase(kind, one)))
  .flatMap((change) => recheckOf(change)?.leaves(change) ?? [])
  .flatMap(({ removable }) => removable ?? []);

describe.each(all)('$name', (kind) => {
  it('has a name in snake_case that is not a reserved key of steps', () => {
    expect(kind.name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(['name', 'hosts', 'when', 'for_each', 'tags', 'timeout', 'vars']).not.toContain(kind.name);
  });

  it('says in one sentence which state holds after it, and what undo does', () => {
    expect(kind.summary).toMatch(/^\S[^\n]*[^.]\.$/);
    expect(kind.summary.slice(0, -1)).not.toMatch(/\.\s/);
    expect(kind.description).toMatch(/\bundo\b/i);
  });

  it('describes every param', () => {
    for (const [name, { description }] of Object.entries(kind.params.properties)) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(description, name).toMatch(/^\S[\s\S]+\.$/);
    }
  });

  it('has a closed schema that says when a value is wrong, at every level', () => {
    for (const schema of schemasIn(kind.params)) {
      if (schema.type === 'object') expect(schema.additionalProperties, JSON.stringify(schema)).toBeDefined();
      if (typeof schema.pattern === 'string')
        expect(schema['x-error'] ?? schema.description, JSON.stringify(schema)).toBeDefined();
    }
    expect(kind.params.additionalProperties).toBe(false);
    const [diagnostic] = validateSchema(kind.params, { no_such_param: 1 }, nowhere);
    expect(diagnostic?.code).toMatch(/^(unknown|missing)-key$/);
  });

  it.each(kind.examples)('accepts its example: $title', ({ params }) => {
    expect(validateSchema(kind.params, params, nowhere).map(({ message }) => message)).toEqual([]);
    expect(kind.check?.(params, view) ?? []).toEqual([]);
    expect(kind.facts(params, view).length + (params.always === true ? 1 : 0)).toBeGreaterThan(0);
  });

  it.each(loadCases().filter((one) => one.kind === kind.name))(
    'describes things as values, with its own params: $file: $case.title',
    ({ case: { params } }) => {
      const things = kind.describes(params);
      expect(kind.describes(params)).toEqual(things);
      expect(JSON.parse(JSON.stringify(things))).toEqual(things);
      for (const { params: named = {}, ...thing } of things) {
        const own = typeof named === 'string' ? [named] : Object.values(named);
        for (const param of own) expect(Object.keys(kind.params.properties)).toContain(param);
        if (thing.is === 'tunnels') expect(kind.wires).toBe(true);
      }
    },
  );

  it('describes the removal of what the kind says it can remove', () => {
    expect(removables.length).toBeGreaterThan(10);
    for (const thing of removables) {
      const params = kind.takesAway?.(thing);
      if (params === undefined) continue;
      expect(validateSchema(kind.params, params, nowhere).map(({ message }) => message)).toEqual([]);
      const named = thing.is === 'file' ? { path: thing.path } : 'name' in thing ? { name: thing.name } : {};
      expect(kind.describes(params)).toContainEqual(
        expect.objectContaining({ is: thing.is, does: 'removes', ...named }),
      );
    }
  });

  it('has an example', () => {
    expect(kind.examples.length).toBeGreaterThan(0);
  });
});
