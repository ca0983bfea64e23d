import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../../src/kinds/registry.ts';
import { inventorySchema } from '../../../src/model/inventory/inventory-schema.ts';
import { playbookSchema } from '../../../src/model/playbook/playbook-schema.ts';
import { validateSchema } from '../../../src/model/schema/schema.ts';
import { lines } from '../../diagnostics/lines.ts';
import { document } from '../../source/document.ts';

function check(schema: object, text: string): string[] {
  const { data, locate } = document(text, 'f');
  return lines(validateSchema(schema, data, locate));
}

const object = (properties: object, more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});

describe('keys', () => {
  const bridge = object(
    { name: { type: 'string', description: "the bridge's name" }, datapath: {}, members: {} },
    { required: ['name'] },
  );

  it.each<[string, string, string[]]>([
    [
      'offers the nearest key',
      'name: x\ndatapth: y',
      ["f:2:1 unknown-key unknown key 'datapth' (did you mean 'datapath'?)"],
    ],
    [
      'lists the keys if none is near',
      'name: x\nzzz: y',
      ["f:2:1 unknown-key unknown key 'zzz' (known here: name, datapath, members)"],
    ],
    [
      'never suggests a key that is already there',
      'name: x\nnames: y',
      ["f:2:1 unknown-key unknown key 'names' (known here: name, datapath, members)"],
    ],
    [
      'says what a missing key is for',
      'datapath: x',
      ["f:1:1 missing-key the key 'name' is missing (name: the bridge's name)"],
    ],
    [
      'reports everything at once',
      'nam: x\nzzz: 1',
      [
        "f:1:1 missing-key the key 'name' is missing (name: the bridge's name)",
        "f:1:1 unknown-key unknown key 'nam' (did you mean 'name'?)",
        "f:2:1 unknown-key unknown key 'zzz' (known here: name, datapath, members)",
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(check(bridge, text)).toEqual(expected);
  });

  it('calls keys by the given name', () => {
    const { data, locate } = document('steps:\n  - bridge: { foo: 1 }');
    const found = validateSchema(bridge, { foo: 1 }, locate, ['steps', 0, 'bridge'], { key: 'param' });
    expect(data).toBeDefined();
    expect(lines(found)).toEqual([
      "file.yml:2:5 missing-key the param 'name' is missing (name: the bridge's name)",
      "file.yml:2:15 unknown-key unknown param 'foo' (known here: name, datapath, members)",
    ]);
  });

  it('suggests the replacement', () => {
    const schema = object({ address: {} }, { 'x-instead': { ansible_host: "write 'address'" } });
    expect(check(schema, 'ansible_host: x')).toEqual([
      "f:1:1 unknown-key unknown key 'ansible_host' (write 'address')",
    ]);
  });

  it('checks the names of free keys, once', () => {
    const schema = { type: 'object', propertyNames: { pattern: '^[a-z]+$', 'x-error': 'lower case only' } };
    expect(check(schema, 'a: 1\nB: 2')).toEqual(["f:2:1 invalid-value 'B': lower case only"]);
  });
});

describe('types', () => {
  it.each<[string, object, string, string[]]>([
    [
      'string for number',
      { type: 'number' },
      'a: x',
      ["f:1:4 wrong-type a: expected a number, got the string 'x'"],
    ],
    [
      'quoted number',
      { type: 'integer' },
      'a: "5"',
      ["f:1:4 wrong-type a: expected a whole number, got the string '5' (take the quotes off)"],
    ],
    [
      'number for string',
      { type: 'string' },
      'a: 5',
      ['f:1:4 wrong-type a: expected a string, got the number 5 (put it in quotes)'],
    ],
    [
      'fraction',
      { type: 'integer' },
      'a: 1.5',
      ['f:1:4 wrong-type a: expected a whole number, got the number 1.5'],
    ],
    [
      'infinity',
      { type: 'number' },
      'a: .inf',
      ['f:1:4 wrong-type a: expected a number, got the number Infinity'],
    ],
    ['list for mapping', { type: 'object' }, 'a: []', ['f:1:4 wrong-type a: expected a mapping, got a list']],
    ['nothing', { type: 'string' }, 'a:', ['f:1:1 wrong-type a: expected a string, got nothing']],
    [
      'several types',
      { type: ['string', 'array', 'null'] },
      'a: {}',
      ['f:1:4 wrong-type a: expected a string, a list or nothing, got a mapping'],
    ],
    [
      'long text',
      { type: 'number' },
      `a: ${'x'.repeat(60)}`,
      ['f:1:4 wrong-type a: expected a number, got a string'],
    ],
    [
      'element of a list',
      { type: 'array', items: { type: 'string' } },
      'a: [x, {}]',
      ['f:1:8 wrong-type a, element 2: expected a string, got a mapping'],
    ],
    [
      'only the type if the value is wrong as well',
      { type: 'string', enum: ['x'], minLength: 3 },
      'a: []',
      ['f:1:4 wrong-type a: expected a string, got a list'],
    ],
  ])('%s', (_, schema, text, expected) => {
    expect(check(object({ a: schema }), text)).toEqual(expected);
  });

  it('explains YAML 1.1 booleans', () => {
    const { locate } = document('a: b');
    const [found] = validateSchema({ type: 'boolean' }, 'yes', locate, ['a']);
    expect(found).toMatchObject({
      message: "a: expected true or false, got the string 'yes'",
      hint: 'write true or false',
    });
  });
});

describe('values', () => {
  it.each<[string, object, string, string]>([
    [
      'enum',
      { enum: ['present', 'absent'] },
      'presnt',
      "expected 'present' or 'absent', got 'presnt' (did you mean 'present'?)",
    ],
    ['const', { const: 1 }, '2', 'expected 1, got 2'],
    ['minimum', { type: 'integer', minimum: 1 }, '0', '0 is too small: at least 1'],
    ['maximum', { type: 'integer', maximum: 9 }, '10', '10 is too large: at most 9'],
    ['exclusive minimum', { type: 'number', exclusiveMinimum: 0 }, '0', '0 is too small: more than 0'],
    ['empty text', { type: 'string', minLength: 1 }, '""', 'must not be empty'],
    ['long text', { type: 'string', maxLength: 2 }, 'abc', 'too long: at most 2 characters'],
    ['empty list', { type: 'array', minItems: 1 }, '[]', 'the list must not be empty'],
    ['twins', { type: 'array', uniqueItems: true }, '[x, y, x]', 'elements 1 and 3 are the same'],
    [
      'pattern, explained by the schema',
      { type: 'string', pattern: '^a', 'x-error': 'must begin with a' },
      'b',
      'must begin with a',
    ],
    [
      'pattern, with a description',
      { type: 'string', pattern: '^a', description: 'a word in a' },
      'b',
      "'b' is not allowed here; it is a word in a",
    ],
    ['not', { not: { const: 'x' }, 'x-error': 'anything but x' }, 'x', 'anything but x'],
    ['address', { type: 'string', format: 'ip-address' }, '10.0.0.256', "'10.0.0.256' is not an IP address"],
    [
      'network with host bits',
      { type: 'string', format: 'cidr' },
      '10.0.0.5/24',
      "'10.0.0.5/24' is an address, not a network; the network is 10.0.0.0/24",
    ],
    [
      'interface address',
      { type: 'string', format: 'interface-address' },
      '10.0.0.0/24',
      "'10.0.0.0/24' is the network address of 10.0.0.0/24, not an address in it",
    ],
    [
      'interface name',
      { type: 'string', format: 'interface-name' },
      'ovs_bridge_tunnel',
      "'ovs_bridge_tunnel' has 17 characters; an interface's name has at most 15",
    ],
  ])('%s', (_, schema, value, expected) => {
    expect(check(object({ a: schema }), `a: ${value}`)).toEqual([`f:1:4 invalid-value a: ${expected}`]);
  });
});

describe('reports the nearest branch', () => {
  const member = {
    anyOf: [
      { type: 'string', minLength: 2 },
      object({ name: { type: 'string' }, vlan: { type: 'integer' } }, { required: ['name'] }),
      object({ type: { const: 'patch' }, peer: { type: 'string' } }, { required: ['type', 'peer'] }),
    ],
  };
  it.each<[string, string, string[]]>([
    ['by type', 'a: x', ['f:1:4 invalid-value a: too short: at least 2 characters']],
    [
      'by its keys',
      'a: { name: x, vlan: y }',
      ["f:1:21 wrong-type vlan: expected a whole number, got the string 'y'"],
    ],
    ['by its fixed value', 'a: { type: patch }', ["f:1:1 missing-key the key 'peer' is missing"]],
    [
      'no match by type: all types are listed',
      'a: 5',
      ['f:1:4 wrong-type a: expected a string or a mapping, got the number 5 (put it in quotes)'],
    ],
  ])('%s', (_, text, expected) => {
    expect(check(object({ a: member }), text)).toEqual(expected);
    const oneOf = { oneOf: member.anyOf };
    expect(check(object({ a: oneOf }), text)).toEqual(expected);
  });

  it('nested branches', () => {
    const nested = { anyOf: [{ type: 'array', items: member }, { type: 'boolean' }] };
    expect(check(object({ a: nested }), 'a: [xx, { nam: x }]')).toEqual([
      "f:1:9 missing-key the key 'name' is missing",
      "f:1:11 unknown-key unknown key 'nam' (did you mean 'name'?)",
    ]);
  });

  it('keeps errors elsewhere', () => {
    expect(check(object({ a: member, b: { type: 'string' } }), 'a: x\nb: 1')).toHaveLength(2);
  });
});

describe('values that are not known yet', () => {
  const text = { type: 'string', pattern: '^[a-z]+$' };
  const list = { type: 'array', items: text, uniqueItems: true, minItems: 2 };
  const schema = { type: 'object', properties: { text, list, either: { anyOf: [text, list] } } };
  const { locate } = document('a: 1');
  const check = (data: object) => {
    const words = { isUnknown: (value: unknown) => JSON.stringify(value).includes('UNKNOWN') };
    return validateSchema(schema, data, locate, [], words).map(({ message }) => message);
  };

  it.each([
    { text: 'UNKNOWN' },
    { list: 'UNKNOWN' },
    { list: ['UNKNOWN', 'UNKNOWN'] },
    { either: 'UNKNOWN' },
    { either: ['a', 'UNKNOWN'] },
  ])('may be valid: %j', (data) => expect(check(data)).toEqual([]));

  it.each([
    [{ text: ['UNKNOWN'] }, 'text: expected a string, got a list'],
    [{ list: ['UNKNOWN'] }, 'list: too few elements: at least 2'],
    [{ list: ['UNKNOWN', ['UNKNOWN']] }, 'list, element 2: expected a string, got a list'],
    [{ either: { a: 'UNKNOWN' } }, 'either: expected a string or a list, got a mapping'],
  ])("can't be valid: %j", (data, message) => expect(check(data)).toEqual([message]));
});

it('handles keys that look like numbers, and slashes and tildes in keys', () => {
  const schema = {
    type: 'object',
    additionalProperties: {
      type: 'array',
      items: { type: 'object', additionalProperties: { type: 'string' } },
    },
  };
  expect(check(schema, '"a/b~c":\n  - x: y\n  - "0": [1]')).toEqual([
    'f:3:10 wrong-type 0: expected a string, got a list',
  ]);
});

it('refuses a schema with an unknown keyword or format as a bug of ours', () => {
  const { locate } = document('a: 1');
  expect(() => validateSchema({ typ: 'string' }, 1, locate)).toThrow(/typ/);
  expect(() => validateSchema({ type: 'string', format: 'ipv5' }, 'x', locate)).toThrow(/ipv5/);
});

describe('the schemas', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  for (const keyword of ['x-error', 'x-instead', 'x-local-file']) ajv.addKeyword(keyword);

  it.each<[string, object]>([
    ['of an inventory', inventorySchema],
    ['of a playbook', playbookSchema],
    ...[...kinds.values()].map((kind): [string, object] => [`of kind ${kind.name}`, kind.params]),
  ])('%s is valid JSON Schema', (_, schema) => {
    expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
  });
});
