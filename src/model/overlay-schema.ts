import { overlayNameSchema } from './shared-schema.ts';

/** The largest key a tunnel can carry: 32 bits in GRE (RFC 2890), 24 in VXLAN (RFC 7348) and Geneve (RFC 8926). */
export const largestKey = { gre: 0xffffffff, vxlan: 0xffffff, geneve: 0xffffff } as const;

const overlaySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cidr', 'tunnel', 'subnet_prefix'],
  'x-instead': { mtu: "write 'underlay_mtu': the overlay's own is computed from it", type: "write 'tunnel'" },
  properties: {
    cidr: {
      type: 'string',
      format: 'cidr',
      description: 'the range that bridges and containers share, as 10.11.12.0/24',
    },
    tunnel: { enum: ['gre', 'vxlan', 'geneve'], description: 'gre, vxlan or geneve' },
    shape: { enum: ['full_mesh'], description: 'which hosts have tunnels to each other; default: full_mesh' },
    subnet_prefix: {
      type: 'integer',
      minimum: 1,
      maximum: 128,
      description: "the prefix length of each host's range for containers, as 28",
    },
    key: {
      type: 'integer',
      minimum: 1,
      maximum: largestKey.gre,
      description:
        'tells tunnels between the same two hosts apart (the VNI of vxlan and geneve); default: none',
    },
    // 576: what every IPv4 host must take (RFC 791).
    underlay_mtu: {
      type: 'integer',
      minimum: 576,
      maximum: 65535,
      description: 'what the network between the hosts carries without fragmenting, bytes; default: 1500',
    },
    bridge_range: {
      type: 'string',
      format: 'cidr',
      description:
        "where the bridges' own addresses come from; default: the first range of subnet_prefix in cidr",
    },
    hosts: { type: 'string', minLength: 1, description: "a host pattern; default: the playbook's hosts" },
  },
} as const;

/** The same in the inventory and in a playbook. */
export const overlaysSchema = {
  type: ['object', 'null'],
  description: 'networks of containers that tunnels between hosts carry, by their names',
  propertyNames: overlayNameSchema,
  additionalProperties: overlaySchema,
} as const;

/** What a host may set for itself instead of what is allocated to it. */
export const hostOverlaysSchema = {
  type: ['object', 'null'],
  description: 'what this host has instead of what is allocated to it, by overlay',
  propertyNames: overlayNameSchema,
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    properties: {
      fixed_cidr: { type: 'string', format: 'cidr', description: "this host's range for containers" },
      bridge_address: {
        type: 'string',
        format: 'address-or-interface-address',
        description: "this host's bridge's address",
      },
    },
  },
} as const;
