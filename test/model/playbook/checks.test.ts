import { describe, expect, it } from 'vitest';
import { parsePlaybook } from '../../../src/model/playbook/playbook.ts';
import { lines } from '../../diagnostics/lines.ts';
import { document } from '../../source/document.ts';

const kinds = { has: (name: string) => name === 'file', names: () => ['file'] };
const head = 'hosts: all\nsteps: [{ file: { path: /x } }]\nchecks:\n';

function parse(checks: string) {
  return parsePlaybook(document(head + checks, 'pb.yml'), kinds);
}

describe('checks of a playbook', () => {
  it('are read with their defaults', () => {
    const { value, diagnostics } = parse(`
  - { name: Far, ping: { address: "{{ x }}", mtu: 1462 } }
  - { tcp: { address: a, port: 1 }, between: sample 20, hosts: all, timeout: 500s, retry: 0 }
  - { command: { run: "true" } }
  - { loop: { interface: br0 }, between: neighbours }
  - { http: { url: "http://a" }, between: none }
`);
    expect(lines(diagnostics)).toEqual([]);
    expect(value?.checks.map(({ locate, ...check }) => check)).toEqual([
      {
        index: 0,
        name: 'Far',
        kind: 'ping',
        params: { address: '{{ x }}', mtu: 1462 },
        between: 'all_pairs',
        timeout: 2,
        retry: 5,
      },
      {
        index: 1,
        name: 'tcp',
        kind: 'tcp',
        params: { address: 'a', port: 1 },
        hosts: 'all',
        between: { sample: 20 },
        timeout: 500,
        retry: 0,
      },
      {
        index: 2,
        name: 'command',
        kind: 'command',
        params: { run: 'true' },
        between: 'none',
        timeout: 30,
        retry: 0,
      },
      {
        index: 3,
        name: 'loop',
        kind: 'loop',
        params: { interface: 'br0' },
        between: 'neighbours',
        timeout: 1,
        retry: 5,
      },
      {
        index: 4,
        name: 'http',
        kind: 'http',
        params: { url: 'http://a' },
        between: 'none',
        timeout: 5,
        retry: 5,
      },
    ]);
    const at = value?.checks[0]?.locate(['ping', 'mtu']);
    expect(at?.source.text.slice(at?.start, at?.end)).toBe('1462');
  });

  it('are empty by default', () => {
    expect(parsePlaybook(document(head.replace('checks:\n', ''), 'pb.yml'), kinds).value?.checks).toEqual([]);
  });

  it('get a hint for a command given as a string', () => {
    expect(parse('  - { command: ip link }\n').diagnostics[0]?.hint).toBe("write 'command: { run: … }'");
  });

  it('are reported with all errors, each at its place', () => {
    const { value, diagnostics } = parse(`  - { pnig: { address: a } }
  - { name: nothing }
  - { ping: { address: a }, tcp: { address: a } }
  - { ping: { address: a }, betwen: all_pairs }
  - { ping: { address: a }, between: everybody }
  - { ping: { address: a, mtu: 1, size: 2 } }
  - { ping: a }
  - { loop: { interface: a }, between: none }
  - { command: { run: a }, between: all_pairs }
  - { ping: { address: a }, hosts: "{{ x }}", timeout: 0 }
  - text
`);
    expect(value).toBeUndefined();
    expect(lines(diagnostics).map((line) => line.replace('pb.yml:', ''))).toMatchInlineSnapshot(`
      [
        "4:7 unknown-key unknown key 'pnig' in a check (did you mean 'ping'?)",
        "5:5 no-kind this check has no kind, so there is nothing to check (a check is one of ping, tcp, http, command, loop)",
        "6:29 two-kinds a check has one kind, and this one has 'ping' already (make 'tcp' a separate check)",
        "7:29 unknown-key unknown key 'betwen' in a check (did you mean 'between'?)",
        "8:38 invalid-value between: expected 'all_pairs', 'neighbours', 'sample N' or 'none'",
        "9:35 invalid-value 'mtu' and 'size' both set the size of a packet (keep 'mtu' or 'size')",
        "10:13 wrong-type ping: expected a mapping, got the string 'a' (write 'ping: { PARAM: VALUE }')",
        "11:31 invalid-value a loop can only be seen between hosts (leave 'between' out)",
        "12:28 invalid-value a command runs on each host alone (leave 'between' out)",
        "13:36 invalid-value 'hosts' can't hold a template: variables are known only once the hosts are (name a group, or use '--limit' on the command line)",
        "13:56 invalid-value timeout: expected a time above zero: a number of seconds, or a text such as '30s', '5m' or '1h'",
        "14:5 wrong-type checks, element 11: expected a mapping, got the string 'text'",
      ]
    `);
  });

  it('are checked completely, even if their params are wrong', () => {
    const { usable } = parse(`  - { ping: { address: a }, between: everybody }
  - { ping: { address: b }, tpyo: 1, timeout: 0, hosts: x }
  - { ping: { address: c, mtu: 1, size: 2 } }
  - { ping: { address: d }, hosts: "{{ x }}" }
  - { ping: text }
`);
    expect(usable?.checks.map(({ params, hosts, between }) => [params.address, hosts, between])).toEqual([
      ['a', undefined, 'all_pairs'],
      ['b', 'x', 'all_pairs'],
      ['c', undefined, 'all_pairs'],
    ]);
  });
});
