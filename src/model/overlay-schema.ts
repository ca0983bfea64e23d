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
    shape: { enum: ['full_mesh'] },
    subnet_prefix: {
      type: 'integer',
      minimum: 1,
      maximum: 128,
      description: "the prefix length of each host's range for containers, as 28",
    },
    key: { type: 'integer', minimum: 1, maximum: largestKey.gre },
    // 576: what every IPv4 host must take (RFC 791).
    underlay_mtu: { type: 'integer', minimum: 576, maximum: 65535 },
    bridge_range: { type: 'string', format: 'cidr' },
    hosts: { type: 'string', minLength: 1 },
  },
} as const;

/** The same in the inventory and in a playbook. */
export const overlaysSchema = {
  type: ['object', 'null'],
  propertyNames: overlayNameSchema,
  additionalProperties: overlaySchema,
} as const;

/** What a host may set for itself instead of what is allocated to it. */
export const hostOverlaysSchema = {
  type: ['object', 'null'],
  propertyNames: overlayNameSchema,
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    properties: {
      fixed_cidr: { type: 'string', format: 'cidr' },
      bridge_address: { type: 'string', format: 'address-or-interface-address' },
    },
  },
} as const;
