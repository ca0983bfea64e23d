import type { Facts } from '../../facts/fact.ts';
import { interfacesFact } from '../../facts/interfaces.ts';
import { tidy } from '../../json/records.ts';
import type { Edit } from '../../persistence/backend.ts';
import { ifupdown } from '../../persistence/ifupdown/backend.ts';
import { defineKind, type KindPlan } from '../define-kind.ts';
import {
  addressTexts,
  bridgeParams,
  bridgeProblems,
  bridgeSettings,
  macOrDefault,
  membersParam,
  overlayMtu,
} from '../shared/bridge.ts';
import { obstacleProblems } from '../shared/obstacles.ts';

export default defineKind({
  name: 'interfaces_file',
  summary: 'ifupdown brings up a Linux bridge at boot, with its addresses and members.',
  description: `
Writes the stanza that brings the bridge up after a reboot. It changes nothing that is running now (that is
\`linux_bridge\`, which has the same defaults). If \`/etc/network/interfaces\` includes the files in
\`/etc/network/interfaces.d\`, as on Debian, the stanza is a file there, named after the bridge; otherwise it is a
marked block at the end of \`/etc/network/interfaces\`, whose other lines are not changed. It is an error if another
file declares the bridge, because ifupdown would use both stanzas; for the same reason a file named after the bridge is
removed where the block is there already.

If the step doesn't set \`stp\`, the stanza has what the bridge has after the earlier steps: put the step after the
bridge's \`linux_bridge\`.

At boot, ifupdown waits up to 30 seconds for the members to appear. An Open vSwitch bridge appears in time: it
persists in Open vSwitch's database, and Debian starts Open vSwitch before its network.

The stanza may be applied while the bridge is up: after an apply, \`systemctl restart networking\` and \`ifup\` succeed
and change nothing, and containers stay on the bridge. \`ifdown\` takes the bridge down, with its members in it.

The host must have ifupdown, or an earlier step that installs it. Hosts with netplan, systemd-networkd or
NetworkManager don't have it: an error.

Undo restores the file, or removes it.`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['bridge'],
    properties: {
      bridge: {
        type: 'string',
        format: 'interface-name',
        description: "The bridge's name, at most 15 characters.",
      },
      ...bridgeParams,
      members: { ...membersParam, description: 'Interfaces that become members. Default: none.' },
      state: {
        enum: ['present', 'absent'],
        description: 'Whether there is a stanza. Default: `present`.',
      },
    },
  },
  examples: [
    {
      title: 'The bridge of an overlay, joined to an Open vSwitch bridge',
      params: { bridge: 'newbridge', address: '10.11.12.1/24', members: ['ovs_bridge'] },
    },
    { title: 'No longer at boot', params: { bridge: 'newbridge', state: 'absent' } },
  ],
  check: (params) => bridgeProblems(params.bridge, params),
  describes: ({ bridge, state, ...settings }) => {
    const files = ifupdown.files(bridge);
    if (state === 'absent') return files.map((path) => ({ is: 'file', does: 'removes', path }));
    return [
      ...ifupdown.packages.map((name) => ({ is: 'package', does: 'uses', name }) as const),
      ...files.map((path) => ({ is: 'file', does: 'makes', path }) as const),
      {
        is: 'link',
        does: 'makes',
        when: 'boot',
        manager: ifupdown.name,
        name: bridge,
        ...bridgeSettings(settings),
        params: { name: 'bridge', type: 'bridge' },
      },
    ];
  },
  facts: ({ bridge }) => [interfacesFact, ...ifupdown.facts(bridge)],
  plan({ bridge, address, members = [], mac, stp, mtu, state = 'present' }, facts, view) {
    if (state === 'absent') return planned(ifupdown.remove(bridge, facts));
    const addresses = addressTexts(address);
    return planned(
      ifupdown.write(
        tidy({
          name: bridge,
          type: 'linux' as const,
          addresses,
          members,
          mac: macOrDefault(mac, bridge, view),
          stp: stp ?? speaksStp(facts, bridge),
          mtu: mtu ?? overlayMtu(addresses, view),
        }),
        facts,
      ),
    );
  },
});

function speaksStp(facts: Facts, bridge: string): boolean {
  return facts.get(interfacesFact).some(({ name, stp }) => name === bridge && stp === true);
}

function planned(edit: Edit): KindPlan {
  return 'obstacles' in edit
    ? { changes: [], problems: obstacleProblems(edit.obstacles, 'bridge') }
    : { changes: edit.changes };
}
