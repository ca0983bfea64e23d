import { writeFile } from '../../changes/file/file.ts';
import type { Facts } from '../../facts/fact.ts';
import { fileFact } from '../../facts/file.ts';
import { ifupdownFact, mainFile } from '../../facts/ifupdown/ifupdown.ts';
import { packageFact } from '../../facts/package.ts';
import type { Edit, Obstacle, Uplink, UplinkBackend } from '../backend.ts';
import { dropInOf } from './files.ts';
import { intoBridge, outOfBridge, Unmovable } from './move.ts';

/** Rewrites the stanzas of the link in their file; the bridge's go into the same file. */
export const uplink: UplinkBackend = {
  packages: (type) => (type === 'linux' ? ['ifupdown', 'bridge-utils'] : ['ifupdown']),
  facts: (link) => [
    packageFact('ifupdown'),
    packageFact('bridge-utils'),
    ifupdownFact,
    ...filesFor(link).map(fileFact),
  ],
  into: (wanted, facts) => {
    const edit = rewritten(facts, wanted.link, wanted.link, (text) => intoBridge(text, wanted));
    const missing = needs(wanted, facts);
    if (missing.length === 0) return edit;
    return { obstacles: [...('obstacles' in edit ? edit.obstacles : []), ...missing] };
  },
  outOf: (wanted, facts) => rewritten(facts, wanted.link, wanted.bridge, (text) => outOfBridge(text, wanted)),
};

/** The files that may contain an interface's stanza. */
function filesFor(link: string): string[] {
  return [mainFile, dropInOf(link)];
}

/** What ifupdown needs to bring the bridge up. */
function needs({ type }: Uplink, facts: Facts): Obstacle[] {
  if (type === 'ovs' || facts.get(packageFact('bridge-utils')).installed !== null) return [];
  return [
    {
      code: 'no-bridge-utils',
      message: "bridge-utils isn't installed, without which ifupdown brings up no bridges",
      hint: 'a step before this one can install it: package: { name: bridge-utils }',
      about: 'host',
    },
  ];
}

/** The change of the file that declares `declared`, which is the link or its bridge. */
function rewritten(facts: Facts, link: string, declared: string, rewrite: (text: string) => string): Edit {
  if (facts.get(packageFact('ifupdown')).installed === null) return stop(notInstalled);
  const stanzas = facts.get(ifupdownFact).declared.filter(({ name }) => name === declared);
  const [file, another] = [...new Set(stanzas.map(({ file: path }) => path))];
  if (file === undefined) {
    return unmanaged(
      `no file of ifupdown declares ${declared}: another network manager may bring it up`,
      `declare it in ${dropInOf(link)} first: interfaces(5)`,
    );
  }
  if (another !== undefined || !filesFor(link).includes(file)) {
    return unmanaged(
      `${declared} is declared in ${another === undefined ? file : `${file} and in ${another}`}`,
      `put its stanzas into one file: ${filesFor(link).join(' or ')}`,
    );
  }
  const now = facts.get(fileFact(file));
  if (now?.kind !== 'text') return unmanaged(`${file} is not a text file`, 'make it one');
  try {
    const written = writeFile(file, now, { content: rewrite(now.content) });
    return { changes: written === undefined ? [] : [written] };
  } catch (error) {
    if (!(error instanceof Unmovable)) throw error;
    return stop({
      code: 'stanza-not-movable',
      message: `${file}: ${error.message}`,
      hint: 'take it out of the stanza if nothing needs it; else write the stanzas of interface and bridge by hand (interfaces(5))',
      about: 'link',
    });
  }
}

const notInstalled: Obstacle = {
  code: 'no-ifupdown',
  message:
    "ifupdown isn't installed: something else (netplan, systemd-networkd, NetworkManager) brings up the host's network, which meshbook doesn't rewrite",
  about: 'host',
};

function unmanaged(message: string, hint: string): Edit {
  return stop({ code: 'not-declared', message, hint, about: 'link' });
}

function stop(obstacle: Obstacle): Edit {
  return { obstacles: [obstacle] };
}
