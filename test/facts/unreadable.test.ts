import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { type FactQuery, factId } from '../../src/facts/fact.ts';
import { everyFamily } from '../../src/facts/families.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import { routesFact } from '../../src/facts/routes.ts';
import { sshPathFact } from '../../src/facts/ssh-path.ts';

function answered(query: FactQuery<unknown>, text: string) {
  const probe = compileProbe([query], 'nonce');
  return probe.parse(`${text}\nnonce ${query.family.name} 0\n`).state(query);
}

function reasonOf(query: FactQuery<unknown>, text: string): string {
  const state = answered(query, text);
  return state !== undefined && 'unknown' in state ? state.unknown : '';
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const active = base64('LoadState=loaded\nActiveState=active\n');
const docker = (section: string, text: string) => `show ${active} \n${section} ${base64(text)} `;

/** Each is an answer of a lying host, or a part of one. */
const lies = [
  ...[
    '',
    'x',
    '[',
    '[]',
    '[null]',
    '[[]]',
    '{}',
    'null',
    '1',
    '"x"',
    '[{}]',
    '[{"ifname": 1}]',
    '{"data": 1}',
  ],
  ...[
    '[{"ifname": "x", "flags": null}]',
    '[{"ifname": "x", "addr_info": [null]}]',
    '{"headings": [], "data": [1]}',
  ],
  ...[
    '{"headings": ["_uuid"], "data": [[["set", 1]]]}',
    '{"headings": ["name"], "data": [[["map", [null]]]]}',
  ],
  'x'.repeat(5000),
];
const places: readonly ((lie: string) => string)[] = [
  (lie) => lie,
  (lie) => `192.0.2.1\n${lie}`,
  (lie) => `192.0.2.1\n[{"dev":"x"}]\n${lie}`,
  (lie) => `192.0.2.1\n[{"dev":"x"}]\n[]\n${lie}\n${lie}\n${lie}`,
  (lie) => `${lie}\n${lie}`,
  (lie) => `${lie}\n${lie}\n${lie}\n${lie}`,
  (lie) => docker('networks', lie),
  (lie) => docker('containers', lie),
];

describe('a host whose answer is not what its query prints', () => {
  it.each(everyFamily.map((query) => ({ name: query.family.name, query })))(
    'is reported in our own words, with a bounded part of the answer: $name',
    ({ query }) => {
      for (const lie of lies) {
        for (const place of places) {
          const reason = reasonOf(query, place(lie));
          expect(reason.length).toBeLessThan(400);
          // The engine's own: TypeError, SyntaxError, RangeError.
          expect(reason).not.toMatch(
            /cannot (read|destructure|convert|set)|undefined|is not (a function|iterable|an object|valid JSON)|unexpected (token|end|non-whitespace)|in JSON/i,
          );
          if (reason.includes("can't be read"))
            expect(reason).toContain(`the host's answer to ${query.family.command} can't be read: `);
        }
      }
    },
  );

  it.each([
    [
      interfacesFact,
      '[null]',
      `the host's answer to ip -j -d address show can't be read: it isn't what that prints: "[null]"`,
    ],
    [routesFact, '[1', "the host's answer to ip -j route show can't be read: 1 lists of routes instead of 2"],
    [
      sshPathFact,
      '192.0.2.1\n[null]',
      `the host's answer to ip -j route get can't be read: this isn't what ip -j route get prints: "[null]"`,
    ],
    [
      dockerFact,
      docker('networks', '[null]'),
      `the host's answer to systemctl and docker can't be read: this isn't what docker network inspect prints: "[null]"`,
    ],
    [
      interfacesFact,
      'x'.repeat(101),
      `the host's answer to ip -j -d address show can't be read: it isn't what that prints: "${'x'.repeat(100)}"…`,
    ],
  ] as [FactQuery<unknown>, string, string][])('%s', (query, answer, reason) => {
    expect(reasonOf(query, answer)).toBe(`${reason} (${factId(query)})`);
    expect(answered(query, answer)).toMatchObject({ unreadable: true });
  });

  it('parsers throw Unreadable, never a plain Error', () => {
    const folder = join(import.meta.dirname, '../../src/facts');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
      one.endsWith('.ts'),
    ))
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toContain('new Error(');
  });
});
