import { expect, it } from 'vitest';
import { parseYaml } from '../../src/source/parse-yaml.ts';
import { toYaml } from '../../src/source/to-yaml.ts';

it.each([
  ['a template', '{{ x }}'],
  ['what looks like a number', '0644'],
  ['what looks like a boolean', 'true'],
  ['a colon', 'a: b'],
  ['several lines', 'a\nb\n'],
  ['a long line', 'word '.repeat(40)],
  ['nothing', ''],
  ['a list of mappings', [{ a: [1, 2], b: null }]],
])('%s can be read back', (_, value) => {
  const { value: document, diagnostics } = parseYaml({ path: 'x', text: toYaml({ key: value }) });
  expect(diagnostics).toEqual([]);
  expect(document?.data).toEqual({ key: value });
});
