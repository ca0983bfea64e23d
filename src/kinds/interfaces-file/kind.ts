import { removeFile, writeFile } from '../../changes/file/file.ts';
import type { Change } from '../../changes/registry.ts';
import type { Facts } from '../../facts/fact.ts';
import { type FileFact, fileFact } from '../../facts/file.ts';
import {
  declaredIn,
  dropInFolder,
  type Ifupdown,
  ifupdownFact,
  mainFile,
} from '../../facts/ifupdown/ifupdown.ts';
import { interfacesFact } from '../../facts/interfaces.ts';
import { packageFact } from '../../facts/package.ts';
import { defineKind, type Problem } from '../define-kind.ts';
import {
  addressTexts,
  bridgeParams,
  bridgeProblems,
  bridgeSettings,
  macOrDefault,
  membersParam,
  overlayMtu,
} from '../shared/bridge.ts';
import { type BridgeStanza, bridgeStanza, markedBlock, replaceBlock } from './stanza.ts';

export default defineKind({
  name: 'interfaces_file',
  summary: 'ifupdown brings up a Linux bridge at boot, with its addresses and members.',
  description: `
Writes the stanza that brings the bridge up after a reboot. It changes nothing that is running now (that is
\`linux_bridge\`, which has the same defaults). If \`/etc/network/interfaces\` includes the files in
\`/etc/network/interfaces.d\`, as on Debian, the stanza is a file there, named after the bridge; otherwise it is a
marked block at the end of \`/etc/network/interfaces\`, whose other lines are not changed. It is an error if another
file declares the bridge, because ifupdown would use both stanzas.

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
  describes: ({ bridge, state, ...settings }) =>
    state === 'absent'
      ? [{ is: 'file', does: 'removes', path: dropInOf(bridge) }]
      : [
          { is: 'package', does: 'uses', name: 'ifupdown' },
          { is: 'file', does: 'makes', path: dropInOf(bridge) },
          {
            is: 'link',
            does: 'makes',
            when: 'boot',
            manager: 'ifupdown',
            name: bridge,
            ...bridgeSettings(settings),
            params: { name: 'bridge', type: 'bridge' },
          },
        ],
  facts: ({ bridge }) => [
    interfacesFact,
    packageFact('ifupdown'),
    ifupdownFact,
    fileFact(mainFile),
    fileFact(dropInOf(bridge)),
  ],
  plan(params, facts, view) {
    const { bridge, members = [], state = 'present' } = params;
    const found = read(facts, bridge);
    if (state === 'absent') return { changes: absence(found, bridge) };
    const problems = obstacles(facts, found, bridge);
    if (problems.length > 0) return { changes: [], problems };
    const addresses = addressTexts(params.address);
    const mtu = params.mtu ?? overlayMtu(addresses, view);
    const stanza: BridgeStanza = {
      bridge,
      addresses,
      members,
      mac: macOrDefault(params.mac, bridge, view),
      stp: params.stp ?? speaksStp(facts, bridge),
      ...(mtu === undefined ? {} : { mtu }),
    };
    return { changes: presence(found, bridge, bridgeStanza(stanza)) };
  },
});

function speaksStp(facts: Facts, bridge: string): boolean {
  return facts.get(interfacesFact).some(({ name, stp }) => name === bridge && stp === true);
}

interface Found {
  readonly ifupdown: Ifupdown;
  readonly main: FileFact;
  readonly dropIn: FileFact;
}

function read(facts: Facts, bridge: string): Found {
  return {
    ifupdown: facts.get(ifupdownFact),
    main: facts.get(fileFact(mainFile)),
    dropIn: facts.get(fileFact(dropInOf(bridge))),
  };
}

function dropInOf(bridge: string): string {
  return `${dropInFolder}/${bridge}`;
}

/** A block that is there already stays where it is. Without the main file, Debian's ifupdown is yet to bring its own. */
function usesDropIn({ ifupdown, main }: Found, bridge: string): boolean {
  if (main === null) return true;
  if (main.kind === 'text' && replaceBlock(main.content, bridge, '') !== main.content) return false;
  return ifupdown.dropIns === 'glob' || (ifupdown.dropIns === 'directory' && /^[A-Za-z0-9_-]+$/.test(bridge));
}

function presence(found: Found, bridge: string, stanza: string): Change[] {
  const { main, dropIn } = found;
  if (usesDropIn(found, bridge)) {
    return present(writeFile(dropInOf(bridge), dropIn, { content: `# Written by meshbook.\n${stanza}` }));
  }
  const text = main?.kind === 'text' ? main.content : '';
  return present(
    writeFile(mainFile, main, { content: replaceBlock(text, bridge, markedBlock(bridge, stanza)) }),
  );
}

function absence({ main, dropIn }: Found, bridge: string): Change[] {
  const without = main?.kind === 'text' ? replaceBlock(main.content, bridge, '') : '';
  return [
    ...present(removeFile(dropInOf(bridge), dropIn)),
    ...(main?.kind === 'text' ? present(writeFile(mainFile, main, { content: without })) : []),
  ];
}

function present(change: Change | undefined): Change[] {
  return change === undefined ? [] : [change];
}

function obstacles(facts: Facts, found: Found, bridge: string): Problem[] {
  const problems: Problem[] = [];
  if (facts.get(packageFact('ifupdown')).installed === null) {
    problems.push({
      code: 'no-ifupdown',
      message: "ifupdown isn't installed: something else brings up the host's network",
      hint: 'a step before this one can install it: package: { name: ifupdown }',
    });
  }
  const { main } = found;
  if (main !== null && main.kind !== 'text') {
    problems.push({ code: 'not-a-file', message: `${mainFile} is not a text file` });
  }
  return [...problems, ...otherDeclarations(found, bridge)];
}

function otherDeclarations({ ifupdown, main }: Found, bridge: string): Problem[] {
  const ownText = main?.kind === 'text' ? replaceBlock(main.content, bridge, '') : '';
  const files = ifupdown.declared
    .filter(({ name, file }) => name === bridge && file !== mainFile)
    .map(({ file }) => file);
  if (declaredIn(ownText).includes(bridge)) files.unshift(mainFile);
  const others = [...new Set(files)].filter((file) => file !== dropInOf(bridge));
  return others.map((file) => ({
    code: 'interface-declared-twice',
    message: `${file} declares ${bridge} already`,
    path: ['bridge'],
    hint: `remove its stanza from ${file}, or choose another name`,
  }));
}
