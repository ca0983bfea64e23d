import { tidy } from '../../json/records.ts';
import type { LinkConfig } from '../link-config.ts';

/** Tenths of a second that ifupdown waits at boot for each member to appear. */
const patience = 300;

/** The commands in stanzas that meshbook writes. `meaningOf` parses each of them. */
export const commands = {
  makeBridge: (bridge: string) =>
    `ip link show dev ${bridge} >/dev/null 2>&1 || ip link add name ${bridge} type bridge`,
  setStp: (bridge: string, stp: boolean) => `ip link set dev ${bridge} type bridge stp_state ${stp ? 1 : 0}`,
  setMac: (link: string, mac: string) => `ip link set dev ${link} address ${mac}`,
  setMtu: (link: string, mtu: number | string) => `ip link set dev ${link} mtu ${mtu}`,
  setUp: (link: string) => `ip link set dev ${link} up`,
  addAddress: (link: string, address: string) =>
    `ip address replace ${address}${address.includes(':') ? '' : ' broadcast +'} dev ${link}`,
  awaitMember: (member: string) =>
    `n=${patience}; until [ -e /sys/class/net/${member} ] || [ $n = 0 ]; do sleep 0.1; n=$((n - 1)); done`,
  addMember: (bridge: string, member: string) => `ip link set dev ${member} master ${bridge} up || true`,
};

/** The effect of one command on the link that it names. */
type Meaning = Omit<LinkConfig, 'name'>;

type Words = Readonly<Record<string, string | undefined>>;

type Form = readonly [form: RegExp, meaning: (words: Words) => Meaning];

/** What a link without addresses needs to come up. */
const linkForms: readonly Form[] = [
  [/^ip link set dev (?<link>\S+) up$/, () => ({})],
  [/^ip link set dev (?<link>\S+) mtu (?<mtu>\d+)$/, ({ mtu }) => ({ mtu: Number(mtu) })],
  [/^ip link set dev (?<link>\S+) address (?<mac>[0-9a-f:]+)$/, ({ mac }) => tidy({ mac })],
];

/** Each names its link as `link`, if it concerns one. */
const forms: readonly Form[] = [
  ...linkForms,
  [
    /^ip link show dev (?<link>\S+) >\/dev\/null 2>&1 \|\| ip link add name \k<link> type bridge$/,
    () => ({ type: 'linux', members: [] }),
  ],
  [/^ip link set dev (?<link>\S+) type bridge stp_state (?<stp>[01])$/, ({ stp }) => ({ stp: stp === '1' })],
  [
    /^ip address replace (?<address>[0-9a-f.:/]+)( broadcast \+)? dev (?<link>\S+)$/,
    ({ address = '' }) => ({ addresses: [address] }),
  ],
  [
    /^n=\d+; until \[ -e \/sys\/class\/net\/\S+ \] \|\| \[ \$n = 0 \]; do sleep 0\.1; n=\$\(\(n - 1\)\); done$/,
    () => ({}),
  ],
  [
    /^ip link set dev (?<member>\S+) master (?<link>\S+) up \|\| true$/,
    ({ member = '' }) => ({ members: [member] }),
  ],
];

/** The meaning of a command in a stanza of the link; undefined: not understood. */
export function meaningOf(command: string, link: string): Meaning | undefined {
  for (const [form, meaning] of forms) {
    const match = form.exec(command);
    if (match === null) continue;
    const { link: named = link, ...words } = match.groups ?? {};
    return named === link || named === '$IFACE' ? meaning(words) : undefined;
  }
  return undefined;
}

/** Whether a command only brings up a link without addresses. */
export function bringsUpLink(command: string): boolean {
  return linkForms.some(([form]) => form.test(command));
}
