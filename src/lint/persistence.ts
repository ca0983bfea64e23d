import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { DescribedLink, DescribedNetwork } from '../kinds/described.ts';
import { containsCidr, parseCidr } from '../net/cidr.ts';
import { interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import {
  atBoot,
  type DescribedThing,
  type HostThings,
  live,
  placeOf,
  stepWords,
  thingsDescribed,
} from './things.ts';

/** Settings at boot that differ from what the steps set. */
export function persistenceLints(hosts: readonly HostThings[]): Diagnostic[] {
  return hosts.flatMap((host) => {
    const boot = thingsDescribed(host, 'link', ['makes', 'uses']).filter(atBoot);
    if (boot.length === 0) return [];
    const links = thingsDescribed(host, 'link', ['makes', 'uses']).filter(live);
    const networks = thingsDescribed(host, 'network');
    return boot.flatMap((one) => {
      const { name } = one.thing;
      const own = links.filter(({ thing }) => thing.name === name);
      // For a bridge of another type, the rest doesn't matter.
      const others = own.filter((link) => otherType(one, link)).map(({ step }) => step);
      const counts = ({ step }: DescribedThing) => !others.includes(step);
      return [
        ...own.flatMap((link) => compare(one, link)),
        ...links
          .filter((link) => link.thing.master === name && counts(link))
          .flatMap((link) => notInside(one, link)),
        ...networks
          .filter((network) => network.thing.bridge === name && counts(network))
          .flatMap((network) => withoutNetwork(one, network)),
      ];
    });
  });
}

function compare(boot: DescribedThing<DescribedLink>, link: DescribedThing<DescribedLink>): Diagnostic[] {
  const [then, now] = [boot.thing, link.thing];
  const { name } = then;
  if (otherType(boot, link)) {
    const who = then.manager === undefined ? 'a boot makes' : `at boot ${then.manager} makes`;
    const message = `${who} ${name} ${wordsOf(then)}, and ${stepWords(link)} ${wordsOf(now)}`;
    const hint = 'leave the bridge to one of them';
    return [warning('persistence-differs', message, placeOf(boot, 'type'), hint)];
  }
  const wholly = then.defaults !== undefined && then.defaults === now.defaults;
  const keys = (['address', 'members', 'mtu', 'mac', 'stp'] as const).filter((key) => {
    const [a, b] = [then[key], now[key]];
    // A setting that is absent from a stanza keeps the bridge's value.
    if ((!wholly || key === 'stp') && (a === undefined || b === undefined)) return false;
    return !isDeepStrictEqual(sorted(a), sorted(b));
  });
  return keys.map((key) =>
    warning(
      'persistence-differs',
      `after a boot ${name} has ${key === 'members' ? 'other' : 'another'} ${key} than ${stepWords(link)} gives it`,
      placeOf(boot, key),
      `write the same ${key} in both steps`,
    ),
  );
}

function otherType(
  { thing: { type: then } }: DescribedThing<DescribedLink>,
  { thing: { type: now } }: DescribedThing<DescribedLink>,
) {
  return then !== undefined && now !== undefined && then !== now;
}

function wordsOf({ type }: DescribedLink): string {
  return type === 'ovs' ? "one of Open vSwitch's" : 'a Linux bridge';
}

/** An interface that a step attaches to a bridge and the boot configuration doesn't. */
function notInside(boot: DescribedThing<DescribedLink>, link: DescribedThing<DescribedLink>): Diagnostic[] {
  const { name, members } = boot.thing;
  if (members === undefined || members.includes(link.thing.name)) return [];
  const message = `after a boot ${link.thing.name} isn't in the bridge ${name}, where a step puts it`;
  return [countedOn(boot, 'members', message, link)];
}

/** Containers don't start on a bridge without an IPv4 address, nor with a range outside its networks. */
function withoutNetwork(
  boot: DescribedThing<DescribedLink>,
  network: DescribedThing<DescribedNetwork>,
): Diagnostic[] {
  const { name, address } = boot.thing;
  const { by, range: text } = network.thing;
  if (address === undefined) return [];
  const networks = address.flatMap((text) => {
    const parsed = parseInterfaceAddress(text).value;
    return parsed?.address.version === 4 ? [interfaceNetwork(parsed)] : [];
  });
  if (networks.length === 0) {
    const message = `after a boot ${name} has no IPv4 address, and ${by} doesn't start on it`;
    return [countedOn(boot, 'address', message, network)];
  }
  const range = text === undefined ? undefined : parseCidr(text).value;
  if (range === undefined || networks.some((network) => containsCidr(network, range))) return [];
  const message = `after a boot ${text} lies in no network of ${name}, and ${by} doesn't start`;
  return [countedOn(boot, 'address', message, network)];
}

function countedOn(
  boot: DescribedThing<DescribedLink>,
  field: 'address' | 'members',
  message: string,
  user: DescribedThing,
): Diagnostic {
  const hint = `write the ${field} that ${stepWords(user)} counts on`;
  return warning('persistence-differs', message, placeOf(boot, field), hint);
}

function sorted(value: string | number | boolean | readonly string[] | undefined): unknown {
  return typeof value === 'object'
    ? [...value].sort()
    : typeof value === 'string'
      ? value.toLowerCase()
      : value;
}
