import type { Kind } from '../src/kinds/define-kind.ts';
import { driftJsonSchema } from './schema-drift.ts';
import { inventoryJsonSchema } from './schema-inventory.ts';
import { planJsonSchema } from './schema-plan.ts';
import { playbookJsonSchema } from './schema-playbook.ts';

/** The published schemas, by their names in schemas/. The same kinds give the same bytes. */
export function schemaFiles(kinds: ReadonlyMap<string, Kind>): Map<string, string> {
  const text = (schema: object) => `${JSON.stringify(schema, null, 2)}\n`;
  return new Map([
    ['playbook.schema.json', text(playbookJsonSchema(kinds))],
    ['inventory.schema.json', text(inventoryJsonSchema())],
    ['plan.schema.json', text(planJsonSchema())],
    ['drift.schema.json', text(driftJsonSchema())],
  ]);
}
