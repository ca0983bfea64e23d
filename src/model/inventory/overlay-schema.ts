import { overlayNameSchema } from '../schema/shared-schema.ts';

/** The largest key a tunnel can carry: 32 bits in GRE (RFC 2890), 24 in VXLAN (RFC 7348) and Geneve (RFC 8926). */
export const largestKey = { gre: 0xffffffff, vxlan: 0xffffff, geneve: 0xffffff } as const;

/** The keys that two of the shapes require. */
const ends = {
  hub: { type: 'string', minLength: 1, description: 'the host to which all others are linked' },
  links: {
    type: 'array',
    minItems: 1,
    items: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 2,
      maxItems: 2,
      description: 'the two hosts of a link, as [docker1, docker2]',
    },
    description: 'the pairs of hosts that are linked, as [[docker1, docker2], [docker2, docker3]]',
  },
} as const;

/** A key that is named after a shape excludes other shapes, and other such keys. */
function onlyWith(shape: 'hub' | 'links', other: 'hub' | 'links') {
  const misplaced = { not: {}, 'x-error': `can't be combined with '${shape}'` } as const;
  return {
    properties: {
      shape: { const: shape, 'x-error': `with '${shape}' the shape is ${shape}` },
      [other]: misplaced,
    },
  };
}

function neededBy(shape: 'hub' | 'links') {
  const another = { required: ['shape'], properties: { shape: { const: shape } } };
  return {
    anyOf: [
      { required: [shape], properties: { [shape]: { description: ends[shape].description } } },
      { not: another },
    ],
  };
}

const overlaySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cidr', 'tunnel', 'subnet_prefix'],
  'x-instead': { mtu: "write 'underlay_mtu': the overlay's own is computed from it", type: "write 'tunnel'" },
  properties: {
    cidr: {
      type: 'string',
      format: 'cidr',
      description: 'the range shared by bridges and containers, such as 10.11.12.0/24',
    },
    tunnel: { enum: ['gre', 'vxlan', 'geneve'], description: 'gre, vxlan or geneve' },
    shape: {
      enum: ['full_mesh', 'hub', 'chain', 'ring', 'links'],
      description:
        'which members are linked; default: hub if hub is given, links if links are, otherwise full_mesh',
    },
    ...ends,
    subnet_prefix: {
      type: 'integer',
      minimum: 1,
      maximum: 128,
      description: "the prefix length of each host's container range, such as 28",
    },
    key: {
      type: 'integer',
      minimum: 1,
      maximum: largestKey.gre,
      description:
        'distinguishes tunnels between the same two hosts (the VNI of vxlan and geneve); default: none',
    },
    dst_port: {
      type: 'integer',
      minimum: 1,
      maximum: 65535,
      description:
        'the UDP port at which vxlan and geneve tunnels arrive, at both ends; default: 4789 for vxlan, 6081 for geneve',
    },
    // 576: the minimum for every IPv4 host (RFC 791).
    underlay_mtu: {
      type: 'integer',
      minimum: 576,
      maximum: 65535,
      description: 'the MTU of the network between the hosts, in bytes; default: 1500',
    },
    bridge_range: {
      type: 'string',
      format: 'cidr',
      description:
        "the range of the bridges' own addresses; default: the first range of subnet_prefix in cidr",
    },
    hosts: { type: 'string', minLength: 1, description: "a host pattern; default: the playbook's hosts" },
  },
  // `hub` and `links` imply the shape; a shape that is written as well must agree.
  dependentSchemas: {
    hub: onlyWith('hub', 'links'),
    links: onlyWith('links', 'hub'),
    dst_port: {
      properties: {
        tunnel: {
          not: { const: 'gre' },
          'x-error': "with 'dst_port' the tunnel is vxlan or geneve; gre has no ports",
        },
      },
    },
  },
  allOf: [neededBy('hub'), neededBy('links')],
} as const;

/** The same in the inventory and in a playbook. */
export const overlaysSchema = {
  type: ['object', 'null'],
  description: 'networks for containers, carried by tunnels between hosts, by name',
  propertyNames: overlayNameSchema,
  additionalProperties: overlaySchema,
} as const;

/** What a host may set instead of its allocation. */
export const hostOverlaysSchema = {
  type: ['object', 'null'],
  description: "this host's values instead of allocated ones, by overlay",
  propertyNames: overlayNameSchema,
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    properties: {
      fixed_cidr: { type: 'string', format: 'cidr', description: "the range of this host's containers" },
      bridge_address: {
        type: 'string',
        format: 'address-or-interface-address',
        description: "this host's bridge's address",
      },
    },
  },
} as const;
