import fc from 'fast-check';
import { type FactState, Facts } from '../../src/facts/fact.ts';
import { type FileFact, fileFact } from '../../src/facts/file.ts';
import {
  declaredIn,
  dropInFolder,
  type Ifupdown,
  ifupdownFact,
  mainFile,
} from '../../src/facts/ifupdown/ifupdown.ts';
import { packageFact } from '../../src/facts/package.ts';

/** Hosts as their network manager's files may be. Each backend has some, so that the laws are tried on it. */
export interface Hosts {
  /** Hosts where the link may have been written before, and where others are declared. */
  with(link: string): fc.Arbitrary<Facts>;
  /** Hosts where a user has declared the link, to come up with addresses. */
  declaring(link: string): fc.Arbitrary<Facts>;
  /** What a probe would read where the files are as these facts say: nothing else, as long as changes predict all. */
  probed(facts: Facts): ReadonlyMap<string, FactState>;
}

const textFile = (content: string): FileFact => ({
  kind: 'text',
  content,
  mode: '0644',
  owner: 'root',
  group: 'root',
});

const sourceLines = {
  glob: 'source /etc/network/interfaces.d/*\n',
  directory: 'source-directory /etc/network/interfaces.d\n',
};

/** Of which one is about another link, and one about a link whose name begins in the same way. */
const othersWith = (link: string) => [
  '# The host\nauto lo\niface lo inet loopback\n',
  '\n',
  'allow-hotplug other0\niface other0 inet static\n    address 192.0.2.7/24 # ?\n    gateway 192.0.2.1\n    up logger up\n',
  `iface ${link}x inet manual\n    mtu 1400\n`,
  `# meshbook: ${link}x begins\niface ${link}y inet dhcp\n# meshbook: ${link}x ends\n`,
];

/** Whether or not the last line ends. */
const dropInsOf = (main: string): Ifupdown['dropIns'] =>
  `${main}\n`.includes(sourceLines.glob)
    ? 'glob'
    : `${main}\n`.includes(sourceLines.directory)
      ? 'directory'
      : null;

/** A host with ifupdown and these files: texts by path, null for a missing one. */
export function ifupdownHost(files: Readonly<Record<string, string | null>>): Facts {
  const host = Object.entries(files).reduce(
    (facts, [path, text]) => facts.with(fileFact(path), text === null ? null : textFile(text)),
    new Facts()
      .with(packageFact('ifupdown'), { installed: '0.8.41', candidate: null })
      .with(packageFact('bridge-utils'), { installed: '1.7.1', candidate: null }),
  );
  return host.with(ifupdownFact, probedIfupdown(host));
}

function probedIfupdown(facts: Facts): Ifupdown {
  const files = [...facts.ofFamily(fileFact('').family)]
    .flatMap(([file, state]) => {
      const value = 'value' in state ? (state.value as FileFact) : null;
      return value?.kind === 'text' ? [{ file, text: value.content }] : [];
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const main = facts.get(fileFact(mainFile));
  return {
    declared: files.flatMap(({ file, text }) => declaredIn(text).map((name) => ({ name, file }))),
    dropIns: dropInsOf(main?.kind === 'text' ? main.content : ''),
  };
}

/** Stanzas of a user's: all that is moved, and what stays with the link. */
function stanzas(link: string): fc.Arbitrary<string> {
  const some = (...texts: string[]) => fc.subarray(texts, { minLength: 0 });
  const inet = fc
    .tuple(
      fc.constantFrom('address 192.168.1.11/24', 'address 192.168.1.11\n  netmask 255.255.255.0'),
      some(
        'gateway 192.168.1.1',
        'mtu 1400',
        'dns-nameservers 192.168.1.1',
        '# for the printers',
        `bond-slaves none`,
        `up ip route add 10.9.0.0/16 dev ${link}`,
        'post-up logger up',
      ),
    )
    .map(([address, more]) => [`iface ${link} inet static`, ...[address, ...more].map((one) => `  ${one}`)]);
  const inet6 = fc
    .subarray(['gateway fe80::1', 'autoconf 0', '# v6'])
    .map((more) => [
      `iface ${link} inet6 static`,
      ...['address fd00::11/64', ...more].map((one) => `\t${one}`),
    ]);
  const manual = fc
    .subarray([`up ip link set dev ${link} up`, `up ip link set dev ${link} mtu 1400`])
    .map((more) => [`iface ${link} inet manual`, ...more.map((one) => `  ${one}`)]);
  const all = fc
    .tuple(fc.option(manual), inet, fc.boolean(), fc.option(inet6))
    .map(([first, v4, hasGap, v6]) => [...(first ?? []), ...v4, ...(hasGap ? [''] : []), ...(v6 ?? [])]);
  return fc
    .tuple(fc.constantFrom('auto', 'allow-hotplug'), fc.oneof(all, manual))
    .map(([word, lines]) => ['# The LAN', `${word} ${link}`, ...lines, ''].join('\n'));
}

const ifupdown: Hosts = {
  with: (link) => {
    const old = fc.constantFrom(
      `# meshbook: ${link} begins\nauto ${link}\niface ${link} inet static\n address 192.0.2.9/24\n# meshbook: ${link} ends\n`,
      `# meshbook: ${link} begins\n# meshbook: ${link} ends\n`,
    );
    const piece = fc.constantFrom(...othersWith(link), sourceLines.glob, sourceLines.directory);
    const pieces = fc
      .tuple(fc.array(piece, { maxLength: 4 }), fc.option(old), fc.array(piece, { maxLength: 3 }))
      .map(([before, block, after]) => [...before, block ?? '', ...after].join(''));
    const main = fc.option(
      fc.tuple(pieces, fc.boolean()).map(([text, isWhole]) => (isWhole ? text : text.replace(/\n$/, ''))),
    );
    const dropIn = fc.option(
      fc.constantFrom(
        `# Written by meshbook.\nauto ${link}\niface ${link} inet static\n  address 192.0.2.10/24\n`,
        'anything\n',
      ),
    );
    return fc
      .tuple(main, dropIn)
      .map(([main, dropIn]) => ifupdownHost({ [mainFile]: main, [`${dropInFolder}/${link}`]: dropIn }));
  },
  declaring: (link) =>
    fc.tuple(stanzas(link), fc.boolean(), fc.constantFrom(...othersWith(link))).map(([text, inMain, other]) =>
      ifupdownHost({
        [mainFile]: `${sourceLines.glob}${other}${inMain ? text : ''}`,
        [`${dropInFolder}/${link}`]: inMain ? null : text,
      }),
    ),
  probed: (facts) => facts.with(ifupdownFact, probedIfupdown(facts)).states(),
};

export const hostsOf: Readonly<Record<string, Hosts>> = { ifupdown };
