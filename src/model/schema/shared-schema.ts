import { allowance } from '../../source/allowance.ts';
import { durationOrOffSchema, durationSchema } from './duration.ts';

/** Names with a special meaning in templates. */
const templateNames = ['host', 'overlay', 'facts', 'item'];

/** Free variables: any value, under a name that a template can use. */
export const varsSchema = {
  type: ['object', 'null'],
  description: 'variables for templates',
  maxProperties: allowance.variables,
  propertyNames: {
    pattern: `^(?!(${templateNames.join('|')})$)[A-Za-z_][A-Za-z0-9_]*$`,
    'x-error': `a variable's name is letters, digits and _, doesn't begin with a digit, and is none of ${templateNames.join(', ')}`,
  },
} as const;

/** Names of secret variables, whatever the source of their values. */
export const secretNamesSchema = {
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$', 'x-error': "expected a variable's name" },
  description:
    'variables whose values are masked in everything that is shown or written, wherever they come from',
} as const;

const pathsSchema = {
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: { type: 'string', minLength: 1 },
} as const;

/** How to connect to a host; may be set on the inventory, a group or a host. */
export const sshSchema = {
  type: ['object', 'null'],
  description: "how to connect; defaults come from ssh's configuration",
  additionalProperties: false,
  'x-instead': {
    key: "write 'identity_file'",
    private_key: "write 'identity_file'",
    password: 'passwords are not kept in the inventory; use a key or an agent',
    timeout: "write 'connect_timeout'",
  },
  properties: {
    user: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_.@\\\\-]*\\$?$',
      'x-error': "not a user's name",
      description: 'the login user; default: as ssh',
    },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'default: as ssh, 22' },
    identity_file: { ...pathsSchema, description: 'a private key, or a list of them; relative to this file' },
    known_hosts: {
      ...pathsSchema,
      description: 'the file for host keys, instead of ~/.ssh/known_hosts; relative to this file',
    },
    proxy_jump: {
      type: 'string',
      pattern: '^[^\\s-][^\\s]*$',
      'x-error': "expected '[user@]host[:port]'",
      description: 'the host to connect through, as [user@]host[:port]',
    },
    connect_timeout: { ...durationSchema, description: 'how long connecting may take' },
    keepalive: {
      ...durationOrOffSchema,
      description: 'the interval of keepalives; 0: none',
    },
  },
} as const;

/** An overlay's name is used in templates (`overlay.lab.mtu`), in the leases file and in tags on hosts. */
export const overlayNameSchema = {
  pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$',
  'x-error': "an overlay's name begins with a letter and has letters, digits, _ and -",
} as const;
