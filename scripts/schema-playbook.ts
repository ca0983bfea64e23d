import type { Kind } from '../src/kinds/define-kind.ts';
import { largestKey, overlaysSchema } from '../src/model/inventory/overlay-schema.ts';
import { checkParamsSchemas, checkSchema } from '../src/model/playbook/check-schema.ts';
import { playbookSchema, stepSchema } from '../src/model/playbook/playbook-schema.ts';
import {
  described,
  type JsonSchema,
  mapValues,
  standard,
  standardParams,
  templateDefinition,
  templatePattern,
} from './schema-standard.ts';

/** The schema of playbooks, for editors and other validators. */
export function playbookJsonSchema(kinds: ReadonlyMap<string, Kind>): JsonSchema {
  const { properties, ...rest } = standard(playbookSchema) as { properties: Record<string, JsonSchema> };
  const { overlays, steps, checks, hosts } = properties;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A playbook of meshbook',
    ...rest,
    properties: {
      ...properties,
      hosts: without('\\{\\{', hosts),
      overlays: { ...overlays, ...overlaysJsonSchema() },
      steps: { ...steps, items: { $ref: '#/definitions/step' } },
      checks: { ...checks, items: { $ref: '#/definitions/check' } },
    },
    definitions: { step: step(kinds), check: check(), template: templateDefinition },
  };
}

/** The same in both files. Includes the largest key of each tunnel type, which our own schema leaves to code. */
export function overlaysJsonSchema(): JsonSchema {
  const { additionalProperties, ...rest } = standard(overlaysSchema);
  const overlay = additionalProperties as JsonSchema & { readonly allOf: readonly JsonSchema[] };
  const keys = Object.entries(largestKey).map(([tunnel, maximum]) => ({
    if: { properties: { tunnel: { const: tunnel } }, required: ['tunnel'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { key: { maximum } } },
  }));
  return {
    ...rest,
    additionalProperties: { title: 'overlay', ...overlay, allOf: [...overlay.allOf, ...keys] },
  };
}

function step(kinds: ReadonlyMap<string, Kind>): JsonSchema {
  const { properties, ...rest } = standard(stepSchema) as { properties: Record<string, JsonSchema> };
  const sorted = [...kinds.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { hosts, when } = properties;
  return {
    title: 'step',
    ...rest,
    additionalProperties: false,
    properties: {
      ...properties,
      hosts: without('\\{\\{', hosts),
      when: without(templatePattern, when),
      ...Object.fromEntries(sorted.map((kind) => [kind.name, paramsOf(kind)])),
    },
    oneOf: oneOf('step', [...kinds.keys()].sort()),
  };
}

/** A kind's name alone is a step if it needs no params. */
function paramsOf({ name, params, summary, description }: Kind): JsonSchema {
  const type = (params.required ?? []).length === 0 ? ['object', 'null'] : 'object';
  return { title: name, ...standardParams(params), type, ...described(`${summary}\n\n${description}`) };
}

function check(): JsonSchema {
  const { properties, ...rest } = standard(checkSchema) as { properties: Record<string, JsonSchema> };
  const names = Object.keys(checkParamsSchemas);
  const has = (kind: string, between: JsonSchema) => ({
    required: [kind, 'between'],
    properties: { between },
  });
  return {
    title: 'check',
    ...rest,
    additionalProperties: false,
    properties: {
      ...properties,
      hosts: without('\\{\\{', properties.hosts),
      ...mapValues(checkParamsSchemas, (params, title) => ({ title, ...standardParams(params as object) })),
    },
    oneOf: oneOf('check', names),
    // readCheck's errors about keys that exclude each other.
    not: {
      anyOf: [
        { required: ['ping'], properties: { ping: { type: 'object', required: ['mtu', 'size'] } } },
        has('command', { not: { const: 'none' } }),
        has('loop', { const: 'none' }),
      ],
    },
  };
}

/** Exactly one kind. Without this, editors would report for a step without a kind that the first one is missing. */
function oneOf(what: string, kinds: readonly string[]): JsonSchema[] {
  const errorMessage = `a ${what} needs one of: ${kinds.join(', ')}`;
  return kinds.map((name) => ({ required: [name], errorMessage }));
}

/** Hosts must be known before variables are, and `when` is an expression without braces: no templates there. */
function without(pattern: string, schema: JsonSchema = {}): JsonSchema {
  return { ...schema, not: { type: 'string', pattern } };
}
