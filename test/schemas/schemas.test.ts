import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { schemaFiles } from '../../scripts/schema-files.ts';
import { formatPatterns } from '../../scripts/schema-formats.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { parsePlaybook } from '../../src/model/playbook/playbook.ts';
import { formats } from '../../src/model/schema/formats.ts';
import { checkForHost } from '../../src/resolve/resolve-check.ts';
import { checkInAnyCase } from '../../src/resolve/resolve-step.ts';
import { StepContext } from '../../src/resolve/step-names.ts';
import { parseYaml } from '../../src/source/parse-yaml.ts';
import { toYaml } from '../../src/source/to-yaml.ts';
import { lines } from '../diagnostics/lines.ts';
import { loadCases } from '../kinds/cases.ts';
import { mutated } from './mutate.ts';

const root = join(import.meta.dirname, '../..');
const files = schemaFiles(kinds);
const schemaOf = (name: string) => JSON.parse(files.get(`${name}.schema.json`) ?? '');
const kindNames = { has: (name: string) => kinds.has(name), names: () => [...kinds.keys()] };

/**
 * A validator that knows nothing of meshbook: draft 7, and what yaml-language-server shows instead of its own
 * messages.
 */
function plainValidator(name: string) {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  for (const keyword of ['patternErrorMessage', 'errorMessage', 'markdownDescription'])
    ajv.addKeyword(keyword);
  return ajv.compile(schemaOf(name));
}

/** What a schema can't express, and only meshbook refuses. */
const beyond: readonly { code: RegExp; message?: RegExp; why: string }[] = [
  { code: /^invalid-value$/, message: /is an address, not a network/, why: 'arithmetic: host bits' },
  { code: /^invalid-value$/, message: /is the (network|broadcast) address of/, why: 'arithmetic' },
  { code: /^invalid-value$/, message: /is an IPv4-mapped IPv6 address/, why: 'arithmetic' },
  { code: /^invalid-value$/, message: /takes \d+ bytes/, why: 'a name is counted in characters there' },
  {
    code: /^invalid-name$/,
    message:
      /range ends before|step can't be 0|must have the same length|stands for more than|is too long|empty part/,
    why: 'arithmetic: host ranges',
  },
  { code: /^template-/, why: 'the language of templates' },
  { code: /^undefined-variable$/, why: 'what names stand for' },
  { code: /^(unknown|duplicate)-group$|^group-cycle$/, why: 'what names stand for' },
  { code: /^(duplicate-address|conflicting-values)$/, why: 'values that stand in different places' },
  { code: /^empty-inventory$/, why: 'hosts may stand in any group, or in none' },
];

function structural(diagnostics: readonly Diagnostic[]): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return lines(
    errors.filter(
      ({ code, message }) =>
        !beyond.some((one) => one.code.test(code) && (one.message?.test(message) ?? true)),
    ),
  );
}

const nobody = { source: { path: 'none', text: '' }, start: 0, end: 0 };
const anyHost = new StepContext({
  host: { vars: {}, varsAt: () => nobody },
  playbook: { path: 'playbook.yml', vars: {}, varsAt: () => nobody },
  extraVars: {},
  builtins: {},
  secret: new Set<string>(),
  isLost: () => true,
});

function documentOf(data: unknown) {
  const { value, diagnostics } = parseYaml({ path: 'file.yml', text: toYaml(data) });
  if (value === undefined) throw new Error(lines(diagnostics).join('\n'));
  return value;
}

const validators = {
  playbook: (data: unknown) => {
    const { usable, value, diagnostics } = parsePlaybook(documentOf(data), kindNames);
    return [
      ...diagnostics,
      ...(usable?.steps ?? []).flatMap((step) => checkInAnyCase(step)),
      ...(value?.checks ?? []).flatMap((check) => checkForHost(check, anyHost).diagnostics),
    ];
  },
  inventory: (data: unknown) => parseInventory(documentOf(data)).diagnostics,
};

const yamlFiles = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
const parsed = (texts: readonly string[]) =>
  texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown));

const seeds = {
  playbook: [
    ...parsed(yamlFiles('playbooks')),
    ...loadCases().map(({ kind, case: { params } }) => ({
      hosts: 'all',
      steps: [{ name: 'x', [kind]: params }],
    })),
    {
      name: 'x',
      hosts: 'all',
      vars: { a: 1 },
      on_failure: 'keep',
      overlays: {
        lab: { cidr: '10.0.0.0/24', tunnel: 'geneve', subnet_prefix: 28, key: 5, underlay_mtu: 1400 },
      },
      steps: [
        {
          docker_daemon: null,
          when: 'a == 1',
          tags: ['x'],
          timeout: '5m',
          for_each: [1],
          vars: { b: '{{ a }}' },
        },
        {
          sysctl: { name: 'net.ipv4.ip_forward', value: '{{ a }}', persist: '{{ b }}' },
          hosts: 'x',
          for_each: '{{ a }}',
        },
      ],
      checks: [
        { ping: { address: '10.0.0.1', mtu: 1400 }, between: 'sample 3', retry: 0, timeout: '1s' },
        { tcp: { address: '{{ host.address }}', port: '{{ a }}' } },
        { http: { url: 'http://x', status: 204, contains: 'x' }, hosts: 'x' },
        { command: { run: 'true' }, between: 'none' },
        { loop: { interface: 'br0' }, between: 'neighbours' },
      ],
    },
  ],
  inventory: [
    ...parsed(yamlFiles('inventory')),
    {
      vars: { a: 1 },
      become: true,
      ssh: {
        user: 'x',
        port: 22,
        identity_file: ['a'],
        known_hosts: 'b',
        proxy_jump: 'j',
        connect_timeout: 5,
        keepalive: 0,
      },
      hosts: { 'web[01:10]': null, db: { address: '10.0.0.1', vars: null, ssh: null } },
      groups: {
        a: {
          hosts: { x: { address: 'x.example.org', underlay_address: 'fd00::1', become: false } },
          children: ['b'],
        },
        b: { children: { c: { hosts: { y: null } }, a2: { vars: { v: [] } } } },
      },
      overlays: {
        lab: {
          cidr: '10.0.0.0/24',
          tunnel: 'gre',
          subnet_prefix: 28,
          hosts: 'a',
          bridge_range: '10.0.0.0/28',
        },
      },
    },
    {
      hosts: { a: null, b: null },
      overlays: {
        one: { cidr: '10.0.0.0/24', tunnel: 'gre', subnet_prefix: 28, shape: 'hub', hub: 'a' },
        two: { cidr: '10.1.0.0/24', tunnel: 'gre', subnet_prefix: 28, links: [['a', 'b']] },
        three: { cidr: '10.2.0.0/24', tunnel: 'gre', subnet_prefix: 28, shape: 'ring' },
      },
    },
  ],
};

/** Every key of a schema, and some unknown ones. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: object };
  return [...Object.keys(properties), ...Object.values(schema).flatMap(keysOf)];
}

describe.each(['playbook', 'inventory'] as const)('schemas/%s.schema.json', (name) => {
  const accepts = plainValidator(name);
  const keys = [
    ...new Set([...keysOf(schemaOf(name)), 'nonsense', 'all', 'a b', 'web[1:3]', 'loop', 'tasks']),
  ];

  it('matches the sources (npm run docs)', () => {
    expect(readFileSync(join(root, 'schemas', `${name}.schema.json`), 'utf8')).toBe(
      files.get(`${name}.schema.json`),
    );
  });

  it('describes everything that it knows', () => {
    const undescribed = (schema: unknown): string[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      const { properties = {} } = schema as { properties?: Record<string, { description?: string }> };
      const conditions = ['if', 'then', 'not', 'dependencies'];
      return [
        ...Object.entries(properties).flatMap(([key, one]) => (one.description === undefined ? [key] : [])),
        ...Object.entries(schema).flatMap(([key, one]) => (conditions.includes(key) ? [] : undescribed(one))),
      ];
    };
    expect(undescribed(schemaOf(name))).toEqual([]);
  });

  it.each(seeds[name].map((seed) => [JSON.stringify(seed).slice(0, 100), seed]))('accepts %s', (_, seed) => {
    expect({
      ours: structural(validators[name](seed)),
      theirs: accepts(seed) ? null : accepts.errors,
    }).toEqual({
      ours: [],
      theirs: null,
    });
  });

  it('accepts and refuses what meshbook accepts and refuses', { timeout: 120_000 }, () => {
    let refused = 0;
    fc.assert(
      fc.property(mutated(seeds[name], keys), (data) => {
        const found = validators[name](data);
        const theirs = accepts(data) ? [] : (accepts.errors ?? []);
        if (theirs.length > 0) {
          refused++;
          expect(
            lines(found).length,
            `only the schema refuses it: ${JSON.stringify(theirs)}`,
          ).toBeGreaterThan(0);
        } else expect(structural(found), 'only meshbook refuses it').toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(400);
    expect(refused).toBeLessThan(1900);
  });
});

it.each([
  ['playbooks', 'playbook'],
  ['inventory', 'inventory'],
])('the files in %s name the schema in their first line', (folder, name) => {
  const line = `# yaml-language-server: $schema=../schemas/${name}.schema.json`;
  for (const text of yamlFiles(folder)) expect(text.split('\n')[0]).toBe(line);
});

describe('patterns that replace formats', () => {
  it('exist for every format', () => {
    expect(Object.keys(formatPatterns).sort()).toEqual(Object.keys(formats).sort());
  });

  const part = fc.constantFrom(
    '::',
    ':',
    '.',
    '/',
    '-',
    '0',
    '1',
    '25',
    '255',
    '256',
    'f',
    'ffff',
    '32',
    '128',
    'x',
    '_',
    '%',
    '@',
    ' ',
  );
  it.each(Object.keys(formats))('%s', (format) => {
    const pattern = new RegExp(formatPatterns[format]?.pattern ?? '', 'u');
    const text = fc.oneof(
      fc.array(part, { maxLength: 18 }).map((parts) => parts.join('')),
      fc
        .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.constantFrom('', '/0', '/24', '/32', '/64', '/129'))
        .map((parts) => parts.join('')),
      fc.domain(),
      fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const problem = formats[format]?.(candidate);
        if (pattern.test(candidate)) {
          if (problem !== undefined)
            expect(problem).toMatch(
              /is an address, not|is the (network|broadcast)|IPv4-mapped|no tunnel can end/,
            );
        } else expect(problem).toBeDefined();
      }),
      { numRuns: 5000 },
    );
  });
});
