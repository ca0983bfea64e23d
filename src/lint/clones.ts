import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { identityFact } from '../facts/identity.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { osFact } from '../facts/os.ts';
import type { LintedHost } from './linted-host.ts';

/** Hosts cloned from one image that still share an identity: machine-id, SSH host keys, MAC addresses. */
export function cloneLints(hosts: readonly LintedHost[]): Diagnostic[] {
  const marks = hosts.flatMap(marksOf);
  const byMark = new Map<string, typeof marks>();
  for (const mark of marks) {
    const same = byMark.get(mark.key);
    if (same === undefined) byMark.set(mark.key, [mark]);
    else same.push(mark);
  }
  const said = new Set<string>();
  return [...byMark.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length < 2) return [];
    const hosts = same.map(({ host }) => host.resolved.host.name);
    // Several shared keys of one sshd are reported once.
    const key = `${first.what}\0${hosts}`;
    if (said.has(key)) return [];
    said.add(key);
    const message = `the hosts share one ${first.what}`;
    return [{ ...warning(first.code, message, first.host.resolved.host.at, first.hint), hosts }];
  });
}

interface Mark {
  readonly host: LintedHost;
  readonly key: string;
  readonly code: 'cloned-hosts' | 'duplicate-mac';
  readonly what: string;
  readonly hint: string;
}

function marksOf(host: LintedHost): Mark[] {
  const { facts } = host;
  const mark = (what: string, value: string, hint: string, code: Mark['code'] = 'cloned-hosts'): Mark => ({
    host,
    key: `${what}\0${value}`,
    code,
    what,
    hint,
  });
  const machine = facts.find(osFact)?.machine;
  const { ovs, sshHostKeys = [] } = facts.find(identityFact) ?? {};
  const links = (facts.find(interfacesFact) ?? []).filter(({ mac }) => mac !== undefined);
  const cards = links.filter(({ kind }) => kind === undefined);
  const bridges = links.filter(({ kind }) => kind === 'bridge');
  return [
    ...(machine === undefined
      ? []
      : [
          mark(
            'machine-id',
            machine,
            'empty /etc/machine-id on the copies and boot them: DHCP, logs and MAC addresses derived from it are one for all',
          ),
        ]),
    ...(ovs === undefined
      ? []
      : [
          mark(
            'Open vSwitch system-id',
            ovs,
            'delete /etc/openvswitch/system-id.conf on the copies and restart Open vSwitch',
          ),
        ]),
    ...[...new Set(sshHostKeys)].map((key) =>
      mark(
        'SSH host key',
        key,
        'make new ones on the copies (ssh-keygen -A): whoever has one host can pass for the other',
      ),
    ),
    ...bridges.map(({ name, mac = '' }) =>
      mark(
        `MAC address ${mac} of the bridge ${name}`,
        mac,
        'systemd derives it from /etc/machine-id; the bridges of steps get others',
      ),
    ),
    ...[...new Set(cards.map(({ mac = '' }) => mac))].map((mac) =>
      mark(
        `MAC address ${mac}`,
        mac,
        'give each network card its own: on one network each gets the packets of the other',
        'duplicate-mac',
      ),
    ),
  ];
}
