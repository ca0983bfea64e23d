import { describe, expect, it } from 'vitest';
import { defineKind } from '../../../src/kinds/define-kind.ts';
import { paramRows } from '../../../src/report/reference/kind-params.ts';
import { kindText } from '../../../src/report/reference/kind-text.ts';
import { columnsOf } from '../../../src/report/text/columns.ts';

const kind = defineKind({
  name: 'veth_pair',
  summary: 'Two ends of a `veth` pair exist.',
  description: 'A first paragraph that\ngoes over two lines.\n\n- a list\n- stays\n',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', format: 'interface-name', description: 'The near end.' },
      mtu: { type: 'integer', minimum: 68, maximum: 65535, default: 1500, description: 'Bytes.' },
      state: { enum: ['present', 'absent'], description: 'Default: `present`.' },
      peers: {
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
        description: 'Far ends.',
      },
      routes: {
        type: 'array',
        description: 'Routes through it.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['to'],
          properties: { to: { type: 'string', description: 'Where to.' } },
        },
      },
    },
  },
  examples: [{ title: 'A pair', params: { name: 'veth0', mtu: 1400, peers: ['a', '{{ x }}'] } }],
  describes: () => [],
  facts: () => [],
  plan: () => ({ changes: [] }),
});

describe('kindText', () => {
  it('is the whole reference', () => {
    expect(kindText(kind, { color: false, width: 80 })).toMatchInlineSnapshot(`
      "veth_pair: Two ends of a veth pair exist.

      A first paragraph that goes over two lines.

      - a list
      - stays

      Params
        name         string (interface-name), required  The near end.
        mtu          integer (68–65535)                 Bytes. Default: 1500.
        state        present | absent                   Default: present.
        peers        string | list of string            Far ends.
        routes       list of mapping                    Routes through it.
        routes[].to  string, required                   Where to.

      Examples
        - name: A pair
          veth_pair:
            name: veth0
            mtu: 1400
            peers:
              - a
              - "{{ x }}"
      "
    `);
  });

  it.each([40, 80])('fits into %i columns', (width) => {
    const lines = kindText(kind, { color: false, width }).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
  });
});

it('paramRows lists nested params after their parent', () => {
  expect(paramRows(kind).map(({ name, type, required }) => [name, type, required])).toEqual([
    ['name', 'string (interface-name)', true],
    ['mtu', 'integer (68–65535)', false],
    ['state', 'present | absent', false],
    ['peers', 'string | list of string', false],
    ['routes', 'list of mapping', false],
    ['routes[].to', 'string', true],
  ]);
});
