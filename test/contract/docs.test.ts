import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kindPages } from '../../scripts/kind-docs.ts';
import { kinds } from '../../src/kinds/registry.ts';

const folder = join(import.meta.dirname, '../../docs/kinds');

it('docs/kinds is what the kinds say (npm run docs)', () => {
  const onDisk = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  expect(onDisk).toEqual(kindPages(kinds));
});
