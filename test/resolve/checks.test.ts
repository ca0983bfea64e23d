import { describe, expect, it } from 'vitest';
import { factsOf, problems, resolved } from './play.ts';

const playbook = (checks: string) =>
  `hosts: all\nsteps: [{ command: { run: x, always: true } }]\nchecks:\n${checks}\n`;

/** By check, what each participating host was given. */
function checksOf(text: Parameters<typeof resolved>[0]) {
  return resolved(text).play.checks.map(({ hosts }) =>
    Object.fromEntries([...hosts].map(([host, { params }]) => [host, params])),
  );
}

describe('checks', () => {
  it('are rendered for each host separately', () => {
    const text = playbook('  - ping: { address: "{{ host.address }}", mtu: "{{ 1400 + 62 }}" }');
    expect(checksOf({ playbook: text })).toEqual([
      { a: { address: '192.0.2.1', mtu: 1462 }, b: { address: '192.0.2.2', mtu: 1462 } },
    ]);
  });

  it("see the playbook's variables, and are narrowed by their own hosts and by --limit", () => {
    const text = `${playbook('  - { hosts: b, command: { run: "{{ say }}" } }\n  - command: { run: x }')}vars: { say: hello }\n`;
    expect(checksOf({ playbook: text })).toEqual([
      { b: { run: 'hello' } },
      { a: { run: 'x' }, b: { run: 'x' } },
    ]);
    expect(checksOf({ playbook: text, limit: 'a' })).toEqual([{}, { a: { run: 'x' } }]);
  });

  it('wait for facts that they use', () => {
    const text = playbook('  - command: { run: "echo {{ facts.os.family }}" }');
    const early = resolved({ playbook: text }).play;
    expect(early.needsFacts).toBe(true);
    expect(early.checks[0]?.hosts.size).toBe(0);
    const facts = new Map(['a', 'b'].map((host) => [host, factsOf('debian')]));
    expect(checksOf({ playbook: text, facts })[0]?.a).toEqual({ run: 'echo debian' });
  });

  it('are reported with all their errors', () => {
    const text = playbook(`  - ping: { address: "{{ overlay.lab.bridge_address | ip }}" }
  - ping: { address: "10.0.0.1/24", mtu: 9 }
  - { hosts: c, tcp: { address: a, port: 70000, tls: true } }
  - http: { url: "ftp://x", status: "{{ '200' }}" }
  - loop: { interface: a name that is far too long }`);
    expect(problems({ playbook: text })).toMatchInlineSnapshot(`
      [
        "4:34 undefined-variable 'overlay' has no 'lab'",
        "5:22 invalid-value address: '10.0.0.1/24' is not an address to connect to; leave out the prefix length",
        "5:42 invalid-value mtu: 9 is too small: at least 68",
        "6:14 unknown-pattern there is no host or group 'c' (the groups are all)",
        "6:42 invalid-value port: 70000 is too large: at most 65535",
        "6:49 unknown-key unknown param 'tls' (known here: address, port, container)",
        "7:18 invalid-value url: expected http://… or https://…",
        "7:37 wrong-type status: expected a whole number, got the string '200' (the variable is a text; write {{ … | int }})",
        "8:24 invalid-value interface: 'a name that is far too long' has 27 characters; an interface's name has at most 15",
      ]
    `);
  });

  it('contain no NUL byte, which no argument can hold', () => {
    const text = playbook(`  - command: { run: "a\\0b" }
  - http: { url: "http://a/\\0", contains: "a\\0b" }`);
    expect(problems({ playbook: text })).toEqual([
      '4:21 invalid-value run: a NUL byte cannot stand in it',
      '5:18 invalid-value url: expected http://… or https://…',
      '5:43 invalid-value contains: a NUL byte cannot stand in it',
    ]);
  });

  it('cause no second error if their hosts are unknown', () => {
    const inventory = 'hosts: { a: { address: 192.0.2.1, vars: { only: x } }, b: { address: 192.0.2.2 } }';
    const text = playbook('  - { hosts: c, command: { run: "{{ only }} {{ nowhere }}" } }');
    expect(problems({ inventory, playbook: text })).toEqual([
      expect.stringMatching(/unknown-pattern/),
      expect.stringMatching(/undefined-variable .*nowhere/),
    ]);
  });

  it('are checked even if no host is selected', () => {
    const text = playbook('  - tcp: { address: a, port: 70000 }').replace('hosts: all', 'hosts: nobody');
    expect(problems({ playbook: text }).join('\n')).toMatch(/unknown-pattern[\s\S]*port: 70000 is too large/);
  });
});
