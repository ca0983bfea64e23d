import type { CheckKind } from '../check-types.ts';
import { durationOrOffSchema, durationSchema } from '../schema/duration.ts';

/** The keys of a check besides its kind. */
export const checkSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, description: "shown in reports; default: the kind's" },
    hosts: { type: 'string', minLength: 1, description: "a host pattern; narrows the playbook's hosts" },
    between: {
      type: 'string',
      pattern: '^(all_pairs|neighbours|none|sample [1-9][0-9]{0,5})$',
      'x-error': "expected 'all_pairs', 'neighbours', 'sample N' or 'none'",
      description: "which pairs of hosts: all_pairs, neighbours, 'sample N' or none; default: all_pairs",
    },
    timeout: { ...durationSchema, description: 'how long one attempt may take' },
    retry: { ...durationOrOffSchema, description: 'how long to retry' },
  },
} as const;

const address = {
  type: 'string',
  format: 'host-address',
  description: 'of the target host; templates here are rendered for it',
} as const;
const container = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  'x-error': "not a container's name",
  description: 'the container from whose network the check is sent; default: the host itself',
} as const;

const argument = {
  type: 'string',
  minLength: 1,
  pattern: '^[^\\u0000]*$',
  'x-error': 'a NUL byte cannot stand in it',
} as const;

interface ParamsSchema {
  readonly type: 'object';
  readonly description: string;
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}

/** The params of each kind of check, after rendering. */
export const checkParamsSchemas: Readonly<Record<CheckKind, ParamsSchema>> = {
  ping: {
    type: 'object',
    description: 'passes when all packets are answered',
    additionalProperties: false,
    required: ['address'],
    properties: {
      address,
      // The smallest and the largest packet: RFC 791, total length.
      mtu: { type: 'integer', minimum: 68, maximum: 65535, description: 'bytes of the whole packet' },
      size: {
        type: 'integer',
        minimum: 0,
        maximum: 65507,
        description: 'bytes of payload; not together with mtu',
      },
      df: {
        type: 'boolean',
        description: 'whether packets must not be fragmented; default: true when mtu is given',
      },
      count: { type: 'integer', minimum: 1, maximum: 100, description: 'how many packets; default: 1' },
      container,
    },
  },
  tcp: {
    type: 'object',
    description: 'passes when a connection can be opened',
    additionalProperties: false,
    required: ['address', 'port'],
    properties: {
      address,
      port: { type: 'integer', minimum: 1, maximum: 65535, description: 'the TCP port to connect to' },
      container,
    },
  },
  http: {
    type: 'object',
    description:
      'passes when the answer has the status, and holds the text in its headers or its first 256 KiB',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: {
        type: 'string',
        pattern: '^https?://[^\\s\\u0000]+$',
        'x-error': 'expected http://… or https://…',
        description: 'the URL to request; templates here are rendered for the target host',
      },
      status: { type: 'integer', minimum: 100, maximum: 599, description: 'default: 200' },
      contains: { ...argument, description: 'a text; default: any answer will do' },
      container,
    },
  },
  command: {
    type: 'object',
    description: 'passes when the script exits with 0, on each host alone',
    additionalProperties: false,
    required: ['run'],
    properties: {
      run: { ...argument, description: 'a script for sh, which must change nothing' },
    },
  },
  loop: {
    type: 'object',
    description:
      'passes when one broadcast, sent on each host, arrives exactly once on each other and never comes back',
    additionalProperties: false,
    required: ['interface'],
    properties: {
      interface: { type: 'string', format: 'interface-name', description: 'a bridge' },
    },
  },
};

export const checkKinds = Object.keys(checkParamsSchemas) as CheckKind[];

/** The keys that a check has besides its kind. */
export const reservedCheckKeys: readonly string[] = Object.keys(checkSchema.properties);
