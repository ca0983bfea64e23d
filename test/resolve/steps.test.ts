import { describe, expect, it } from 'vitest';
import { factsOf, problems, resolved, resolveText, saying, stepsOf, twoHosts } from './play.ts';

const inventory = `
groups:
  web: { hosts: { a: , b: } }
  db: { hosts: { c: } }
`;

describe('for_each', () => {
  it('makes a step for each item, numbered, with `item` in its name, params and variables', () => {
    const playbook = `
hosts: all
steps:
  - name: "say {{ item.word }}"
    for_each: [{ word: one }, { word: two }]
    vars: { loud: "{{ item.word | upper }}" }
    command: { always: true, run: "echo {{ loud }}" }
`;
    expect(stepsOf(resolved({ playbook })).a).toEqual(['say one [1]: echo ONE', 'say two [2]: echo TWO']);
  });

  it("takes its list from a variable, including the step's own", () => {
    const step = 'vars: { words: [x, y] }, for_each: "{{ words }}",';
    expect(stepsOf(resolved({ playbook: saying('{{ item }}', { step }) })).a).toEqual([
      'say [1]: x',
      'say [2]: y',
    ]);
  });

  it('makes no step for an empty list', () => {
    const step = 'vars: { words: [] }, for_each: "{{ words }}",';
    expect(stepsOf(resolved({ playbook: saying('{{ item }}', { step }) })).a).toEqual([]);
  });

  it('with `when` leaves items out, and keeps the numbers of the others', () => {
    const step = 'for_each: [1, 2, 3], when: item != 2,';
    expect(stepsOf(resolved({ playbook: saying('echo {{ item }}', { step }) })).a).toEqual([
      'say [1]: echo 1',
      'say [3]: echo 3',
    ]);
  });

  it.each([
    [
      'a text',
      'vars: { words: x }, for_each: "{{ words }}",',
      'for_each must give a list, and gives a string',
    ],
    [
      'a mapping',
      'vars: { words: { a: 1 } }, for_each: "{{ words }}",',
      'for_each must give a list, and gives a mapping',
    ],
    [
      'a list that depends on the item',
      'vars: { words: ["{{ item }}"] }, for_each: "{{ words[0] }}",',
      "for_each makes the items, so it can't depend on one",
    ],
  ])('over %s is an error', (_, step, message) => {
    const facts = new Map([['a', factsOf('debian')]]);
    expect(problems({ playbook: saying('x', { step }), limit: 'a', facts })).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('reports an error in an item at its place', () => {
    const playbook =
      'hosts: all\nsteps:\n  - for_each: [{ n: 1 }, { m: 2 }]\n    command: { always: true, run: "echo {{ item.n }}" }\n';
    expect(problems({ playbook })).toEqual([expect.stringMatching(/^4:\d+ undefined-variable .*\bn\b/)]);
  });

  it('has no `item` outside itself', () => {
    expect(problems({ playbook: saying('{{ item }}') })).toEqual([
      expect.stringContaining("undefined-variable 'item' is not defined"),
    ]);
  });
});

describe('when', () => {
  it.each([
    ['true', true],
    ['false', false],
    ["host.name == 'a'", true],
    ["'db' in host.groups", false],
    ['n > 2', true],
    ['missing is defined', false],
  ])('%s', (condition, runs) => {
    const playbook = saying('x', { play: 'vars: { n: 3 }', step: `when: ${JSON.stringify(condition)},` });
    expect(stepsOf(resolved({ inventory, playbook })).a).toEqual(runs ? ['say: x'] : []);
  });

  it('keeps the whole step from being checked', () => {
    const playbook = saying('{{ missing }}', { step: 'when: missing is defined,' });
    expect(stepsOf(resolved({ playbook })).a).toEqual([]);
  });

  it('must be true or false', () => {
    expect(problems({ playbook: saying('x', { step: 'when: host.name,' }) })).toEqual([
      expect.stringContaining('when-not-boolean the condition must give true or false, and gives a string'),
    ]);
  });
});

describe('facts', () => {
  const playbook = saying('x', { step: "when: facts.os.family == 'debian'," });

  it('are unknown at first: the step is left out, and the play says so', () => {
    const { play } = resolved({ playbook });
    expect(play.needsFacts).toBe(true);
    expect(play.hosts.map(({ steps }) => steps)).toEqual([[], []]);
  });

  it('are evaluated for each host once they are known', () => {
    const facts = new Map([
      ['a', factsOf('debian')],
      ['b', factsOf('redhat')],
    ]);
    const resolution = resolved({ playbook, facts });
    expect(resolution.play.needsFacts).toBe(false);
    expect(stepsOf(resolution)).toEqual({ a: ['say: x'], b: [] });
  });

  it.each([
    ['a param', saying('mtu={{ facts.interfaces.eth0.mtu }}'), 'say: mtu=1400'],
    [
      'a variable',
      saying('{{ m }}', { play: 'vars: { m: "m{{ facts.interfaces.eth0.mtu }}" }' }),
      'say: m1400',
    ],
    [
      'for_each',
      saying('{{ item }}', { step: 'for_each: "{{ facts.interfaces.eth0.addresses }}",' }),
      'say [1]: 192.0.2.1/24',
    ],
  ])('may be in %s', (_, text, said) => {
    expect(resolved({ playbook: text }).play.needsFacts).toBe(true);
    const facts = new Map([['a', factsOf('debian')]]);
    expect(stepsOf(resolved({ playbook: text, limit: 'a', facts })).a).toEqual([said]);
  });

  it('are not needed if nothing uses them', () => {
    expect(resolved({ playbook: saying('x') }).play.needsFacts).toBe(false);
  });

  it('that a host does not have are an error: the step is not left out silently', () => {
    const facts = new Map([['a', factsOf('debian')]]);
    const text = saying('{{ facts.interfaces.eth9.mtu }}');
    expect(problems({ playbook: text, limit: 'a', facts })).toEqual([
      expect.stringContaining('undefined-variable'),
    ]);
  });

  it("don't hide other errors in the same step", () => {
    const step = '- package: { name: ["{{ facts.os.id }}-x", 5], sate: present }';
    expect(
      problems({ playbook: `hosts: all\nsteps:\n  ${step}\n  - sysctl: { name: "{{ facts.os.id }}" }\n` }),
    ).toEqual([
      expect.stringMatching(/^3:46 wrong-type name, element 2: expected a string, got the number 5/),
      expect.stringMatching(/^3:50 unknown-key unknown param 'sate'/),
      expect.stringMatching(/^4:5 missing-key the param 'value' is missing/),
    ]);
  });

  it("don't hide errors in other steps", () => {
    const text = `${playbook}  - command: { always: true, run: x, shell: bash }\n`;
    expect(problems({ playbook: text })).toEqual([
      expect.stringContaining("unknown-key unknown param 'shell'"),
    ]);
  });
});

describe('the selection of steps', () => {
  const playbook = `
hosts: all
steps:
  - { name: one, tags: [x], command: { always: true, run: "1" } }
  - { name: two, tags: [x, y], hosts: web, command: { always: true, run: "2" } }
  - { name: three, hosts: "all:!a", command: { always: true, run: "3" } }
`;
  const names = (more: object) =>
    Object.fromEntries(
      Object.entries(stepsOf(resolved({ inventory, playbook, ...more }))).map(([host, steps]) => [
        host,
        steps.map((step) => step.split(':')[0]),
      ]),
    );

  it("a step's own hosts narrow the playbook's", () => {
    expect(names({})).toEqual({ a: ['one', 'two'], b: ['one', 'two', 'three'], c: ['one', 'three'] });
  });

  it.each([
    [{ tags: ['x'] }, ['one', 'two']],
    [{ tags: ['y'] }, ['two']],
    [{ tags: ['x', 'y'] }, ['one', 'two']],
    [{ skipTags: ['y'] }, ['one', 'three']],
    [{ tags: ['x'], skipTags: ['y'] }, ['one']],
  ])('%j', (choice, expected) => {
    expect(names({ ...choice, limit: 'b' })).toEqual({ b: expected });
  });

  it.each([
    [{ tags: ['z'] }, "unknown-tag --tags: no step has the tag 'z' (the tags are x, y)"],
    [{ skipTags: ['Y'] }, "unknown-tag --skip-tags: no step has the tag 'Y' (did you mean 'y'?)"],
  ])('%j is an error', (choice, message) => {
    expect(problems({ inventory, playbook, ...choice })).toEqual([message]);
  });

  // Each row was compared with what ansible-playbook 2.14 runs.
  const special = `hosts: all
steps:
  - { name: plain, command: { always: true, run: "1" } }
  - { name: tagged, tags: x, command: { always: true, run: "2" } }
  - { name: never, tags: [never, debug], command: { always: true, run: "3" } }
  - { name: always, tags: [always, setup], command: { always: true, run: "4" } }
  - { name: both, tags: "always, never", command: { always: true, run: "5" } }
`;
  it.each([
    [{}, 'plain tagged always both'],
    [{ tags: ['x'] }, 'tagged always both'],
    [{ tags: ['debug'] }, 'never always both'],
    [{ tags: ['never'] }, 'never always both'],
    [{ tags: ['all'] }, 'plain tagged always both'],
    [{ tags: ['all', 'never'] }, 'plain tagged never always both'],
    [{ tags: ['tagged'] }, 'tagged always both'],
    [{ tags: ['untagged'] }, 'plain always both'],
    [{ tags: ['x'], skipTags: ['always'] }, 'tagged'],
    [{ tags: ['x'], skipTags: ['setup'] }, 'tagged both'],
    [{ tags: ['debug'], skipTags: ['never'] }, 'always'],
    [{ skipTags: ['all'] }, 'always both'],
    [{ skipTags: ['all', 'always'] }, ''],
    [{ skipTags: ['tagged'] }, 'plain'],
    [{ skipTags: ['untagged'] }, 'tagged always both'],
  ])('the tags always and never work as in Ansible: %j', (choice, expected) => {
    const found = names({ playbook: special, ...choice, limit: 'a' });
    expect((found.a ?? []).join(' ')).toBe(expected);
  });

  it('errors in an unselected step are not reported', () => {
    const text = `${playbook}  - { tags: [broken], command: { always: true, run: "{{ missing }}" } }\n`;
    expect(resolveText({ inventory, playbook: text, skipTags: ['broken'] }).diagnostics).toEqual([]);
    expect(resolveText({ inventory, playbook: text }).diagnostics).toHaveLength(1);
  });
});

describe('the selection of hosts', () => {
  const playbook = saying('x').replace('hosts: all', 'hosts: web');

  it("is the playbook's, minus what --limit excludes", () => {
    expect(Object.keys(stepsOf(resolved({ inventory, playbook })))).toEqual(['a', 'b']);
    expect(Object.keys(stepsOf(resolved({ inventory, playbook, limit: 'all:!a' })))).toEqual(['b']);
  });

  it.each([
    [
      "a limit outside the playbook's hosts",
      { limit: 'db' },
      "1:8 no-hosts --limit 'db' leaves none of the playbook's hosts",
    ],
    [
      'a limit that matches nothing',
      { limit: 'wbe' },
      "unknown-pattern --limit: there is no host or group 'wbe' (did you mean 'web'?)",
    ],
  ])('%s is an error', (_, choice, message) => {
    expect(problems({ inventory, playbook, ...choice })).toEqual([message]);
  });

  it('unknown hosts of the playbook and of its steps are all reported', () => {
    const text =
      'hosts: wbe\nsteps:\n  - { hosts: d, command: { always: true, run: x } }\n  - { hosts: dbb, command: { always: true, run: x } }\n';
    expect(problems({ inventory, playbook: text })).toEqual([
      "1:8 unknown-pattern there is no host or group 'wbe' (did you mean 'web'?)",
      expect.stringMatching(/^3:14 unknown-pattern there is no host or group 'd'/),
      "4:14 unknown-pattern there is no host or group 'dbb' (did you mean 'db'?)",
    ]);
  });

  it('a pattern that matches no host is an error', () => {
    expect(problems({ inventory, playbook: playbook.replace('web', 'web:!web') })).toEqual([
      "1:8 no-hosts no host matches 'web:!web'",
    ]);
  });
});

describe('params', () => {
  it('are called so in messages', () => {
    const playbook = 'hosts: all\nsteps:\n  - ovs_bridge: { nmae: x }\n  - sysctl: { name: a.b }\n';
    expect(problems({ inventory: twoHosts, playbook })).toEqual([
      expect.stringMatching(/^3:5 missing-key the param 'name' is missing/),
      "3:19 unknown-key unknown param 'nmae' (did you mean 'name'?)",
      expect.stringMatching(/^4:5 missing-key the param 'value' is missing/),
    ]);
  });

  it("are also checked for what a schema can't express", () => {
    const playbook = 'hosts: all\nsteps:\n  - file: { path: /etc/motd }\n';
    expect(problems({ playbook })).toEqual([
      expect.stringMatching(/^3:5 file-content the file has no content/),
    ]);
  });
});

describe('commands', () => {
  it('contain no NUL byte, which no argument can hold', () => {
    const playbook = `hosts: all
steps:
  - command: { run: "a\\0b", unless: "\\0", undo: "\\0" }
  - command: { argv: [a, "\\0"], only_if: "\\0" }
  - file: { path: /x, content: a, owner: "a\\0" }
`;
    expect(problems({ playbook })).toEqual([
      '3:21 invalid-value run: no script can hold a NUL byte',
      '3:37 invalid-value unless: no script can hold a NUL byte',
      '3:49 invalid-value undo: no script can hold a NUL byte',
      '4:26 invalid-value argv, element 2: no argument can hold a NUL byte',
      '4:42 invalid-value only_if: no script can hold a NUL byte',
      '5:42 invalid-value owner: an owner is a user name',
    ]);
  });
});
