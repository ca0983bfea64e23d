import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { type FactQuery, Facts, type UnknownFact } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact } from '../../src/facts/file.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { ovsFact } from '../../src/facts/ovs/ovs.ts';
import { savable } from '../../src/facts/secrets.ts';
import { factsOf, formatFacts, parseFacts } from '../../src/saved/facts-file.ts';
import { Sealer } from '../../src/saved/seal.ts';
import { lines } from '../diagnostics/lines.ts';
import { planCase, factsOf as stated, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';

const head = { host: 'docker1', meshbook: '1.2.3', readAt: '2026-01-02T03:04:05.678Z', address: '192.0.2.1' };
const path = 'facts/docker1.json';

function format(facts: Facts, queries: readonly FactQuery<unknown>[]): string {
  return formatFacts({ ...head, facts: savable(facts, queries) });
}

/** The facts read back from the file to which they were written. */
function stored(facts: Facts, queries: readonly FactQuery<unknown>[]): Facts {
  const { value, diagnostics } = parseFacts({ path, text: format(facts, queries) }, 'docker1');
  expect(diagnostics).toEqual([]);
  if (value === undefined) return expect.fail('no value');
  const { facts: of, ...rest } = value;
  expect(rest).toEqual(head);
  return factsOf({ facts: of }, (id) => `${id} is missing`);
}

function reasonOf(facts: Facts, query: FactQuery<unknown>): string {
  try {
    return `known: ${JSON.stringify(facts.get(query))}`;
  } catch (error) {
    return (error as UnknownFact).reason;
  }
}

const links = [{ name: 'lo', mtu: 65536, up: true, addresses: ['127.0.0.1/8'] }];
const text = { kind: 'text', mode: '0644', owner: 'root', group: 'root' } as const;

describe('a file of facts', () => {
  const known = new Facts().with(interfacesFact, links).without(ovsFact, 'no answer');

  it('is JSON that a person can read', () => {
    expect(format(known, [ovsFact, interfacesFact])).toMatchInlineSnapshot(`
      "{
      "meshbook_facts": 2,
      "meshbook": "1.2.3",
      "host": "docker1",
      "address": "192.0.2.1",
      "read_at": "2026-01-02T03:04:05.678Z",
      "facts": {
        "interfaces": { "": { "value": [{ "name": "lo", "mtu": 65536, "up": true, "addresses": ["127.0.0.1/8"] }] } },
        "ovs": { "": { "unknown": "no answer" } }
      },
      "sha256": "7ec195bff288e9cf920590655cea52fa1f461df4825c9bffbd48d5e7507b7c9e"
      }
      "
    `);
  });

  it('gives the same facts back, unknown ones with their reason, and says what is missing', () => {
    const again = stored(known, [interfacesFact, ovsFact]);
    expect(again.get(interfacesFact)).toEqual(links);
    expect(reasonOf(again, ovsFact)).toBe('no answer');
    expect(reasonOf(again, fileFact('/etc/x'))).toBe('file:/etc/x is missing');
    expect(reasonOf(again.with(ovsFact, 'not installed'), fileFact('/etc/x'))).toBe('file:/etc/x is missing');
  });

  it('does not depend on the order of facts, or on duplicates', () => {
    const a = format(known, [interfacesFact, ovsFact, interfacesFact]);
    expect(a).toBe(format(known, [ovsFact, interfacesFact]));
  });

  it('shares equal values of many hosts in memory', () => {
    const again = () => stored(known, [interfacesFact, ovsFact]).get(interfacesFact);
    expect(again()).toBe(again());
    expect(stored(known.with(interfacesFact, []), [interfacesFact, ovsFact]).get(interfacesFact)).toEqual([]);
  });

  it('may have another layout, by another version', () => {
    const { sha256: _, ...members } = JSON.parse(format(known, [interfacesFact, ovsFact]));
    for (const facts of [members.facts, {}]) {
      const sealer = new Sealer();
      const text = sealer.add(`${JSON.stringify({ ...members, facts }).slice(0, -1)},`) + sealer.end();
      expect(parseFacts({ path, text }, 'docker1').value?.facts).toEqual(facts);
    }
  });

  it('survives version control with other line endings', () => {
    const file = { path, text: format(known, [ovsFact]).replaceAll('\n', '\r\n') };
    expect(parseFacts(file, 'docker1').diagnostics).toEqual([]);
  });
});

describe("a file that can't be used", () => {
  const good = format(new Facts().with(interfacesFact, links), [interfacesFact]);
  const hint = '(read the facts again: meshbook facts -i INVENTORY -o FOLDER)';
  const said = (bad: string, host = 'docker1') => lines(parseFacts({ path, text: bad }, host).diagnostics);

  it.each([
    [
      'edited',
      good.replace('65536', '65535'),
      `${path}:10:1 facts-damaged ${path} has been changed since meshbook wrote it`,
    ],
    [
      'with an additional line',
      good.replace('"host"', '\n"host"'),
      `${path}:11:1 facts-damaged ${path} has been changed since meshbook wrote it`,
    ],
    [
      'without its seal',
      good.replace(/"sha256.*/, '"x": 1'),
      `${path}:1:1 facts-damaged ${path} has been changed since meshbook wrote it`,
    ],
    [
      'of an earlier version',
      good.replace('_facts": 2', '_facts": 1'),
      `${path}:2:1 facts-version ${path} holds facts of version 1, and this meshbook reads version 2`,
    ],
    [
      'of a later version',
      good.replace('_facts": 2', '_facts": 3'),
      `${path}:2:1 facts-version ${path} holds facts of version 3, and this meshbook reads version 2`,
    ],
    ['of something else', '{}', `${path}:1:1 facts-damaged ${path} is no file of facts`],
    ['null', 'null', `${path}:1:1 facts-damaged ${path} is no file of facts`],
  ])('%s', (_, bad, message) => expect(said(bad)).toEqual([`${message} ${hint}`]));

  it('of another host, copied under this name', () => {
    expect(said(good, 'docker2')).toEqual([
      `${path}:4:1 facts-of-another ${path} holds facts of another host ${hint}`,
    ]);
  });

  it('cut off anywhere', () => {
    for (let length = 0; length < good.length - 1; length += 7) {
      const [message, ...more] = said(good.slice(0, length));
      expect(more).toEqual([]);
      expect(message).toContain('facts-damaged');
    }
  });
});

describe('secrets', () => {
  it('of a secret file, only its existence is saved', () => {
    const opaque = { ...text, kind: 'opaque', sha256: 'ab'.repeat(32) } as const;
    const [there, gone] = [fileHashFact('/there'), fileHashFact('/gone')];
    const facts = new Facts().with(there, opaque).with(gone, null);
    expect(format(facts, [there, gone])).not.toContain('abab');
    expect(reasonOf(stored(facts, [there, gone]), there)).toBe('nothing of a secret file is saved');
    expect(stored(facts, [there, gone]).get(gone)).toBeNull();
  });

  it.each(['-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n', 'proxy=http://me:hunter2@proxy:3128/\n'])(
    'a file that looks like one with a secret: %j',
    (content) => {
      const query = fileFact('/etc/x');
      const facts = new Facts().with(query, { ...text, content });
      expect(format(facts, [query])).not.toContain('hunter2');
      expect(reasonOf(stored(facts, [query]), query)).toContain('a password or a private key');
    },
  );

  it("Docker's environment, except what its command line uses", () => {
    const facts = new Facts().with(dockerFact, {
      installed: true,
      active: 'active',
      enabled: true,
      units: [
        {
          path: '/lib/systemd/system/docker.service',
          text: '[Service]\nEnvironment=A=1 \\\n  TOKEN=hunter2\nEnvironment="MORE=--mtu=1400"\nExecStart=/usr/bin/dockerd $OPTS $MORE\n',
        },
      ],
      environment: [
        {
          path: '/etc/default/docker',
          text: '# PASS=hunter2\nPASS=hunter2 \\\n hunter2\nOPTS="--icc=false"\n',
        },
      ],
      daemon: {
        argv: ['dockerd', '--registry-mirror=https://me:hunter2@mirror'],
        liveRestore: false,
        networks: [],
        containers: [],
      },
    });
    expect(format(facts, [dockerFact])).not.toContain('hunter2');
    const docker = stored(facts, [dockerFact]).get(dockerFact);
    expect(docker.units[0]?.text).toBe(
      '[Service]\nEnvironment="MORE=--mtu=1400"\nExecStart=/usr/bin/dockerd $OPTS $MORE\n',
    );
    expect(docker.environment[0]?.text).toBe('OPTS="--icc=false"');
    expect(docker.daemon?.argv[1]).toBe('--registry-mirror=https://me:(not stored)@mirror');
  });
});

describe('a plan from saved facts is the plan from the same facts, or is unknown', () => {
  const cases = plannedCases();

  it.each(cases)('$title', ({ kind, one }) => {
    const facts = stated(one);
    const again = stored(facts, kind.facts(one.params, viewOf(one)));
    const plan = planCase(kind, one, again);
    if ((plan.unknowns ?? []).some((reason) => reason.includes('is saved'))) return;
    expect(plan).toEqual(planCase(kind, one, new Facts(facts.states(), (id) => `${id} is missing`)));
  });
});

it("a real host's output comes back unchanged", () => {
  for (const [query, name] of [
    [dockerFact, 'docker/on-its-own-bridge'],
    [interfacesFact, 'interfaces/bridge-with-member'],
    [ovsFact, 'ovs/tunnel-controller-and-broken-port'],
    [ovsFact, 'ovs/bond'],
  ] as const) {
    const family = query.family as FactQuery<unknown>['family'];
    const printed = readFileSync(new URL(`../facts/${name}.txt`, import.meta.url), 'utf8');
    const value = family.parse(printed, ['']).get('');
    const again = stored(new Facts().with(query as FactQuery<unknown>, value), [query]).get(
      query as FactQuery<unknown>,
    );
    if (query !== dockerFact) expect(again).toStrictEqual(value);
    else expect((again as { daemon: unknown }).daemon).toStrictEqual((value as { daemon: unknown }).daemon);
  }
});
