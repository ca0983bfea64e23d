import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { RunError } from '../../src/diagnostics/errors.ts';
import { everyFamily } from '../../src/facts/families.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import { parseLeases } from '../../src/ipam/leases-file.ts';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { parsePlaybook } from '../../src/model/playbook/playbook.ts';
import { backends } from '../../src/persistence/registry.ts';
import { resolvePlay } from '../../src/resolve/resolve-play.ts';
import { parseFacts } from '../../src/saved/facts-file.ts';
import { parsePlan } from '../../src/saved/plan-file.ts';
import { labelOf, makeVault, openVault } from '../../src/secrets/vault.ts';
import { parseYaml } from '../../src/source/parse-yaml.ts';
import { namesIn } from '../../src/template/context.ts';
import { renderText } from '../../src/template/render.ts';
import { EventReader } from '../../src/transaction/events.ts';
import { parseReport, parseStatus } from '../../src/transaction/status.ts';
import { parseKnownHosts } from '../../src/transport/known-hosts.ts';
import { parseOptions } from '../../src/transport/ssh-config.ts';
import { kindNames } from '../resolve/play.ts';

/** A parser of what a file or a host says, and texts that it accepts. */
interface Parser {
  readonly name: string;
  readonly seeds: readonly string[];
  /** May throw only what the parser promises. */
  readonly read: (text: string) => void;
}

const root = join(import.meta.dirname, '../..');

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

const inventories = [
  ...filesIn('inventory', '.yml'),
  'groups:\n  web: { hosts: { "w[1:3]": { address: 192.0.2.1 } }, children: [db], vars: { a: "{{ b }}" } }\n  db: {}\nssh: { user: root }\n',
];
const playbooks = filesIn('playbooks', '.yml');
const hosts = parseInventory(
  parseYaml({ path: 'i', text: 'hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } }' })
    .value as never,
).value;
if (hosts === undefined) throw new Error('the inventory is wrong');

const nonce = 'n0';
/** A host's output for each family, as `compileProbe` frames it. */
const probes = everyFamily.map((query): Parser => {
  const { family } = query;
  const folder = `test/facts/${family.name.replaceAll('_', '-')}`;
  const printed = readdirSync(join(root, 'test/facts')).includes(family.name.replaceAll('_', '-'))
    ? filesIn(folder, '.txt')
    : [];
  const probe = compileProbe([query], nonce);
  return {
    name: `the fact ${family.name}`,
    seeds: [
      ...printed,
      '',
      '[]',
      '{}',
      'null',
      '0 0\n',
      `running ${'4f'.repeat(32)}\n`,
      'web net:[1] [{}]\n',
    ].map((text) => `${text}\n${nonce} ${family.name} 0\n`),
    read: (text) => allowing(RunError, () => probe.parse(text)),
  };
});

/** All parsers. */
export const parsers: readonly Parser[] = [
  {
    name: 'inventory',
    seeds: inventories,
    read: (text) => {
      const { value } = parseYaml({ path: 'inventory.yml', text });
      if (value !== undefined) parseInventory(value);
    },
  },
  {
    name: 'playbook, on two hosts',
    seeds: playbooks,
    read: (text) => {
      const { value } = parseYaml({ path: 'playbook.yml', text });
      const playbook = value && parsePlaybook(value, kindNames).value;
      if (playbook === undefined) return;
      const inputs = { inventory: hosts, playbook, leases: new Map(), extraVars: {}, tags: [], skipTags: [] };
      resolvePlay(inputs);
    },
  },
  {
    name: 'template',
    seeds: [
      "{% for x in [1, 2] %}{{ x ~ name | upper }}{% else %}-{% endfor %}{# c #}{% set a = {'k': [1]} %}{{ a.k[0] }}",
      '{% if name is defined and name != "x" %}{{ name[1:3] | join(",") | default("y") }}{% endif %}{% raw %}{{{% endraw %}',
    ],
    read: (text) => {
      const whole = { source: { path: 't', text }, start: 0, end: text.length };
      renderText(text, namesIn({ name: 'some name', list: ['a', 'b'] }), whole);
    },
  },
  {
    name: "a network manager's file",
    seeds: [
      'auto br0\niface br0 inet static\n  address 10.0.0.1\n  netmask 255.255.255.0\n  mtu 1400\n  bridge_ports eth0\n',
      'iface br0 inet manual\n  pre-up ip link show dev br0 >/dev/null 2>&1 || ip link add name br0 type bridge\n  up ip address replace fd00::1/64 dev br0\n',
    ],
    read: (text) => {
      for (const { declares } of backends) declares('/etc/network/interfaces', text);
    },
  },
  {
    name: 'vault',
    seeds: [makeVault(Buffer.from('secret'), 'password', 'label', Buffer.alloc(32, 7))],
    read: (text) => {
      labelOf(text);
      openVault(text, 'password');
    },
  },
  {
    name: 'leases',
    seeds: [
      '{"version": 1, "overlays": {"lab": {"a": {"bridge_address": "10.0.0.1/24", "fixed_cidr": "10.0.0.0/28"}}}}',
    ],
    read: (text) => parseLeases({ path: 'l', text }),
  },
  {
    name: 'facts file',
    seeds: ['{\n"meshbook_facts": 2,\n"host": "a",\n"facts": {\n  "os": {}\n},\n"sha256": "0"\n}\n'],
    read: (text) => parseFacts({ path: 'f', text }, 'a'),
  },
  {
    name: 'saved plan',
    seeds: ['{\n"meshbook_plan": 1,\n"meshbook": "1.2.3",\n"hosts": [\n{}\n],\n"sha256": "0"\n}\n'],
    read: (text) => parsePlan(text.split('\n').slice(0, -1), 'p', '1.2.3'),
  },
  {
    name: 'known_hosts',
    seeds: [
      '@revoked *.x ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n|1|AAAA|AAAA ssh-rsa AAAA\n',
    ],
    read: (text) => parseKnownHosts(text, 'k'),
  },
  {
    name: 'ssh -G',
    seeds: ['hostname x\nport 22\nidentityfile ~/.ssh/id\n'],
    read: (text) => parseOptions(text),
  },
  {
    name: 'events of a host program',
    seeds: ['begin 1\nok 1\nfailed 2 1 aGFsbG8= cut=5\nnotice 3 aGFsbG8=\nnot-run 4\nend failed\n'],
    read: (text) => allowing(RunError, () => new EventReader(9).push(text)),
  },
  {
    name: 'status of a host',
    seeds: ['r1\tpending\t120\tr1\tundone by=timer ok\nr2\tconfirmed\t-\t\t\n'],
    read: (text) => {
      parseReport(text);
      allowing(RunError, () => parseStatus(text));
    },
  },
  ...probes,
];

function allowing(error: typeof RunError, read: () => unknown): void {
  try {
    read();
  } catch (thrown) {
    if (!(thrown instanceof error)) throw thrown;
  }
}

/** What files and hosts may contain by mistake or on purpose. */
const pieces = fc.oneof(
  fc.constantFrom(
    ...[
      '\0',
      '\n',
      '\t',
      ' ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '{{',
      '}}',
      '{%',
      '%}',
      ':',
      '- ',
      '&a ',
      '*a',
      '!vault |',
    ],
    ...[
      'null',
      '-1',
      '1e400',
      '1e9',
      '__proto__',
      'constructor',
      '\ud800',
      '\u202e',
      '💥',
      '~(a+)+$',
      '[1:99999]',
      '{}',
      '[]',
    ],
  ),
  fc.string({ maxLength: 12 }),
);

/** A text that the parser accepts, damaged in a few places. */
export function worse({ seeds }: Parser): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(30), put: pieces });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([seed, edits]) =>
      edits.reduce((text, { at, cut, put }) => {
        const start = Math.floor(at * text.length);
        return text.slice(0, start) + put + text.slice(start + cut);
      }, seed),
    );
}
