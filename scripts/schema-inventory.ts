import { groupSchema, hostSchema, inventorySchema } from '../src/model/inventory/inventory-schema.ts';
import { groupNamePattern, hostKeyPattern } from './schema-formats.ts';
import { overlaysJsonSchema } from './schema-playbook.ts';
import { type JsonSchema, standard } from './schema-standard.ts';

type Properties = Record<string, JsonSchema>;

const hosts = {
  propertyNames: { pattern: hostKeyPattern },
  additionalProperties: { $ref: '#/definitions/host' },
};
const groups = {
  propertyNames: { pattern: groupNamePattern },
  additionalProperties: { $ref: '#/definitions/group' },
};

/** The schema of inventories, for editors and other validators. */
export function inventoryJsonSchema(): JsonSchema {
  const { properties, ...rest } = standard(inventorySchema) as { properties: Properties };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'An inventory of meshbook',
    ...rest,
    properties: {
      ...properties,
      groups: { ...properties.groups, ...groups },
      hosts: { ...properties.hosts, ...hosts },
      overlays: { ...properties.overlays, ...overlaysJsonSchema() },
    },
    definitions: { group: group(), host: { title: 'host', ...standard(hostSchema) } },
  };
}

function group(): JsonSchema {
  const { properties, ...rest } = standard(groupSchema) as { properties: Properties };
  return {
    title: 'group',
    ...rest,
    properties: {
      ...properties,
      hosts: { ...properties.hosts, ...hosts },
      children: { ...properties.children, ...groups },
    },
  };
}
