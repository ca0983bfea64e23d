import { secretNamesSchema, sshSchema, varsSchema } from '../schema/shared-schema.ts';
import { varsElsewhere } from '../schema/words-elsewhere.ts';
import { hostOverlaysSchema } from './overlay-schema.ts';

const mapping = { type: ['object', 'null'] } as const;

const settings = {
  vars: varsSchema,
  ssh: sshSchema,
  become: { type: 'boolean', description: 'whether commands run as root through sudo' },
} as const;

/** Where keys of Ansible belong. */
const fromAnsible = {
  ...varsElsewhere,
  user: "write 'ssh: { user: … }'",
  port: "write 'ssh: { port: … }'",
} as const;

/** Groups and hosts are validated one by one by their own schemas. */
export const inventorySchema = {
  type: 'object',
  additionalProperties: false,
  'x-instead': {
    all: "every host is in 'all' anyway: write its children under 'groups', and its vars at the top",
    ungrouped: "write these hosts under 'hosts'",
    _meta: "this is what a program prints for Ansible; write the hosts under 'hosts' and 'groups'",
  },
  // readOverlays validates the content of `overlays`.
  properties: {
    groups: { ...mapping, description: 'groups of hosts by their names, nested to any depth' },
    hosts: { ...mapping, description: 'hosts outside of groups, by their names' },
    ...settings,
    secret: secretNamesSchema,
    overlays: {},
  },
} as const;

export const groupSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    hosts: { ...mapping, description: 'hosts by name; docker[1:20] stands for twenty' },
    children: {
      type: ['object', 'array', 'null'],
      items: { type: 'string' },
      description:
        'groups whose hosts are also in this one; a name without a definition refers to a group defined elsewhere',
    },
    ...settings,
  },
} as const;

export const hostSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  'x-instead': {
    ...fromAnsible,
    name: "a host's name is its key",
    ip: "write 'address'",
    host: "write 'address'",
  },
  properties: {
    address: {
      type: 'string',
      format: 'host-address',
      description: "the address or name to connect to; default: the host's name",
    },
    underlay_address: {
      type: 'string',
      format: 'tunnel-address',
      description: 'the IP address where tunnels end; default: address',
    },
    ...settings,
    overlays: hostOverlaysSchema,
  },
} as const;
