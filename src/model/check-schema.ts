import type { CheckKind } from './check-types.ts';
import { durationOrOffSchema, durationSchema } from './duration.ts';

/** Of a check, all that isn't its kind. */
export const checkSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    hosts: { type: 'string', minLength: 1 },
    between: {
      type: 'string',
      pattern: '^(all_pairs|neighbours|none|sample [1-9][0-9]{0,5})$',
      'x-error': "expected 'all_pairs', 'neighbours', 'sample N' or 'none'",
    },
    timeout: durationSchema,
    retry: durationOrOffSchema,
  },
} as const;

const address = { type: 'string', format: 'host-address' } as const;
const container = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  'x-error': "not a container's name",
} as const;

interface ParamsSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}

/** What each kind of check takes, once templates are rendered. */
export const checkParamsSchemas: Readonly<Record<CheckKind, ParamsSchema>> = {
  ping: {
    type: 'object',
    additionalProperties: false,
    required: ['address'],
    properties: {
      address,
      // The smallest packet and the largest: RFC 791, total length.
      mtu: { type: 'integer', minimum: 68, maximum: 65535 },
      size: { type: 'integer', minimum: 0, maximum: 65507 },
      df: { type: 'boolean' },
      count: { type: 'integer', minimum: 1, maximum: 100 },
      container,
    },
  },
  tcp: {
    type: 'object',
    additionalProperties: false,
    required: ['address', 'port'],
    properties: { address, port: { type: 'integer', minimum: 1, maximum: 65535 }, container },
  },
  http: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: { type: 'string', pattern: '^https?://[^\\s]+$', 'x-error': 'expected http://… or https://…' },
      status: { type: 'integer', minimum: 100, maximum: 599 },
      contains: { type: 'string', minLength: 1 },
      container,
    },
  },
  command: {
    type: 'object',
    additionalProperties: false,
    required: ['run'],
    properties: { run: { type: 'string', minLength: 1 } },
  },
  loop: {
    type: 'object',
    additionalProperties: false,
    required: ['interface'],
    properties: { interface: { type: 'string', format: 'interface-name' } },
  },
};

export const checkKinds = Object.keys(checkParamsSchemas) as CheckKind[];

/** The keys that a check has besides its kind. */
export const reservedCheckKeys: readonly string[] = Object.keys(checkSchema.properties);
