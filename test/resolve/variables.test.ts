import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { factsOf, problems, resolved, resolveText, saying, stepsOf, twoHosts } from './play.ts';

describe('the precedence of variables', () => {
  // Each level's value is its own name; the last of the given levels must win.
  const levels = ['inventory', 'parent', 'child', 'host', 'playbook', 'step', '-e'] as const;
  const at = (given: readonly string[], level: string) =>
    given.includes(level) ? `vars: { who: ${level} }` : 'vars: {}';

  it.each(
    levels.map((_, i) => levels.slice(0, i + 1)).map((given) => [given.at(-1) as string, given] as const),
  )('%s wins over all before it', (winner, given) => {
    const inventory = `
${at(given, 'inventory')}
groups:
  parent:
    ${at(given, 'parent')}
    children:
      child:
        ${at(given, 'child')}
        hosts: { a: { ${at(given, 'host')} } }
`;
    const playbook = saying('{{ who }}', { play: at(given, 'playbook'), step: `${at(given, 'step')},` });
    const extraVars = given.includes('-e') ? { who: '-e' } : {};
    expect(stepsOf(resolved({ inventory, playbook, extraVars }))).toEqual({ a: [`say: ${winner}`] });
  });

  it('differs if hosts differ', () => {
    const inventory = 'vars: { n: 0 }\nhosts: { a: { vars: { n: 1 } }, b: }';
    expect(stepsOf(resolved({ inventory, playbook: saying('n={{ n }}') }))).toEqual({
      a: ['say: n=1'],
      b: ['say: n=0'],
    });
  });

  it('may use another variable, at any level', () => {
    const inventory = 'hosts: { a: { vars: { greeting: "{{ word }}, {{ host.name }}" } } }';
    const play = 'vars: { word: hello }';
    expect(stepsOf(resolved({ inventory, playbook: saying('{{ greeting }}', { play }) }))).toEqual({
      a: ['say: hello, a'],
    });
  });

  it('the command line wins even inside other variables', () => {
    const play = 'vars: { word: hello, greeting: "{{ word }} you" }';
    const extraVars = { word: 'goodbye' };
    expect(stepsOf(resolved({ playbook: saying('{{ greeting }}', { play }), extraVars })).a).toEqual([
      'say: goodbye you',
    ]);
  });

  it('a value on the command line is taken literally, even with braces', () => {
    const extraVars = { word: '{{ host.name }}' };
    expect(stepsOf(resolved({ playbook: saying('{{ word }}'), extraVars })).a).toEqual([
      'say: {{ host.name }}',
    ]);
  });
});

describe('what templates know besides variables', () => {
  const inventory = `
groups: { docker_hosts: { hosts: { a: { address: 192.0.2.1, underlay_address: 198.51.100.1 }, b: { address: 192.0.2.2 } } } }
overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28, key: 7 } }
`;
  it.each([
    ['{{ host.name }}', 'a'],
    ['{{ host.address }}', '192.0.2.1'],
    ['{{ host.underlay_address }}', '198.51.100.1'],
    ["{{ host.groups | join(',') }}", 'all,docker_hosts'],
    ['{{ overlay.lab.cidr }}', '10.11.12.0/24'],
    ['{{ overlay.lab.tunnel }}', 'gre'],
    ['{{ overlay.lab.key }}', '7'],
    // 1500 minus IPv4 (20), GRE with a key (8) and Ethernet (14).
    ['{{ overlay.lab.mtu }}', '1458'],
    ['{{ overlay.lab.bridge_address }}', '10.11.12.1/24'],
    ['{{ overlay.lab.fixed_cidr }}', '10.11.12.16/28'],
    ['{{ overlay.lab.underlay_address }}', '198.51.100.1'],
    ['{{ overlay.lab.peers[0].host }} at {{ overlay.lab.peers[0].remote_address }}', 'b at 192.0.2.2'],
  ])('%s is %s', (template, value) => {
    const playbook = saying(`= ${template}`);
    expect(stepsOf(resolved({ inventory, playbook })).a).toEqual([`say: = ${value}`]);
  });
});

describe('a variable with an error', () => {
  it('is reported once for all hosts, where it is used', () => {
    expect(problems({ playbook: saying('echo {{ nmae }}', { play: 'vars: { name: x }' }) })).toEqual([
      "4:58 undefined-variable 'nmae' is not defined (did you mean 'name'?)",
    ]);
  });

  it('is reported where it is written, if another variable uses it', () => {
    const inventory = `${twoHosts}\nvars: { x: "{{ y }}" }`;
    expect(problems({ inventory, playbook: saying('{{ x }}') })).toEqual([
      "inv.yml:2:16 undefined-variable 'y' is not defined",
    ]);
  });

  it.each([
    ['5', 'run: expected a string, got the number 5 (the variable has that type; write {{ … | string }})'],
    [
      'true',
      'run: expected a string, got the boolean true (the variable has that type; write {{ … | string }})',
    ],
  ])('of the wrong type (%s) gets no hint to quote it if it is already quoted', (value, said) => {
    expect(problems({ playbook: saying('{{ n }}', { play: `vars: { n: ${value} }` }) })).toEqual([
      `4:49 wrong-type ${said}`,
    ]);
  });

  it('with the name of an unknown overlay is reported with the overlays that exist', () => {
    const play = 'overlays: { lab: { cidr: 10.0.0.0/24, tunnel: gre, subnet_prefix: 28 } }';
    expect(problems({ playbook: saying('{{ overlay.lba.mtu }}', { play }) })).toEqual([
      expect.stringMatching(/^4:\d+ undefined-variable .*'lba'.*lab/),
    ]);
  });
});

it('missing on one host is reported with that host, and a fact makes its steps unknown', () => {
  const wrong = (playbook: string, inventory = twoHosts) => {
    const facts = new Map([
      ['a', factsOf('debian')],
      ['b', new Facts()],
    ]);
    return resolveText({ playbook, inventory, facts }).diagnostics.map(({ hosts }) => hosts);
  };
  // What a host reports, or doesn't, is never an error of the play.
  expect(wrong(saying('{{ facts.os.family }}'))).toEqual([]);
  expect(wrong(saying('{{ mine }}'), twoHosts.replace('192.0.2.1', '192.0.2.1, vars: { mine: x }'))).toEqual([
    ['b'],
  ]);
  // What is wrong on all hosts names none.
  expect(wrong(saying('{{ nobodys }}'))).toEqual([undefined]);
});
