import { formatMac, isUnicastMac, parseMac } from '../net/mac.ts';
import type { Problem } from './define-kind.ts';

/** What a schema can't say of a `mac` param. */
export function macProblems(text: string | undefined): Problem[] {
  const mac = text === undefined ? undefined : parseMac(text).value;
  if (mac === undefined || isUnicastMac(mac)) return [];
  return [
    { code: 'group-mac', message: `${text} is a group address, which no interface can have`, path: ['mac'] },
  ];
}

/** As `ip link` prints it; the schema has made sure that it is a MAC. */
export function normalMac(text: string): string {
  const mac = parseMac(text).value;
  return mac === undefined ? text : formatMac(mac);
}
