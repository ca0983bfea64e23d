import { durationOrOffSchema, durationSchema } from './duration.ts';

/** Names that templates give a meaning of their own. */
const templateNames = ['host', 'overlay', 'facts', 'item'];

/** Free variables: any value, under a name that a template can say. */
export const varsSchema = {
  type: ['object', 'null'],
  description: 'variables for templates',
  propertyNames: {
    pattern: `^(?!(${templateNames.join('|')})$)[A-Za-z_][A-Za-z0-9_]*$`,
    'x-error': `a variable's name is letters, digits and _, doesn't begin with a digit, and is none of ${templateNames.join(', ')}`,
  },
} as const;

const pathsSchema = {
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
} as const;

/** How to reach a host; may stand on the inventory, a group or a host. */
export const sshSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  'x-instead': {
    key: "write 'identity_file'",
    private_key: "write 'identity_file'",
    password: 'passwords are not kept in the inventory; use a key or an agent',
    timeout: "write 'connect_timeout'",
  },
  properties: {
    user: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_.@\\\\-]*\\$?$', 'x-error': "not a user's name" },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    identity_file: pathsSchema,
    known_hosts: pathsSchema,
    proxy_jump: { type: 'string', pattern: '^[^\\s-][^\\s]*$', 'x-error': "expected '[user@]host[:port]'" },
    connect_timeout: durationSchema,
    keepalive: durationOrOffSchema,
  },
} as const;

/** An overlay's name is part of templates (`overlay.lab.mtu`), of the lease file and of what we tag on hosts. */
export const overlayNameSchema = {
  pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$',
  'x-error': "an overlay's name begins with a letter and has letters, digits, _ and -",
} as const;
