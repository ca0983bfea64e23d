import { parseAddress, quote, whyNoTunnel } from '../../net/address.ts';
import { parseCidr } from '../../net/cidr.ts';
import { parseInterfaceAddress } from '../../net/interface-address.ts';
import { parseMac } from '../../net/mac.ts';

/** What is wrong with a text, as a sentence without a full stop; undefined if it is valid. */
export type Format = (text: string) => string | undefined;

/** The formats that a schema may name. */
export const formats: Readonly<Record<string, Format>> = {
  /** `10.0.0.5` */
  'ip-address': (text) => parseAddress(text).error,
  /** The same, for a host that others can reach. */
  'tunnel-address': tunnelAddress,
  /** `10.0.0.0/24`, with no host bits set */
  cidr: (text) => parseCidr(text).error,
  /** `10.0.0.5/24` */
  'interface-address': (text) => parseInterfaceAddress(text).error,
  /** `10.0.0.5` or `10.0.0.5/24` */
  'address-or-interface-address': (text) =>
    text.includes('/') ? parseInterfaceAddress(text).error : parseAddress(text).error,
  /** A name or an address to connect to. */
  'host-address': hostAddress,
  mac: (text) => parseMac(text).error,
  'interface-name': interfaceName,
};

// Linux: IFNAMSIZ is 16 with the final NUL, and dev_valid_name() in net/core/dev.c refuses white space, / and :. What
// means something to a shell is refused too: ifupdown gives an interface's options to one, and nobody names a device so.
function interfaceName(text: string): string | undefined {
  if (text === '') return "an interface's name can't be empty";
  const bytes = Buffer.byteLength(text);
  if (bytes > 15) {
    const size = bytes === text.length ? `has ${bytes} characters` : `takes ${bytes} bytes`;
    return `'${text}' ${size}; an interface's name has at most 15`;
  }
  if (text === '.' || text === '..') return `'${text}' can't name an interface`;
  const bad = /[\s/:\0"'`$&;|<>(){}[\]*?!#~\\]/.exec(text)?.[0];
  if (bad !== undefined)
    return `an interface's name can't contain ${/\s/.test(bad) ? 'white space' : `'${bad}'`}`;
  return undefined;
}

function tunnelAddress(text: string): string | undefined {
  const { value, error } = parseAddress(text);
  const why = value && whyNoTunnel(value);
  return why === undefined ? error : `${quote(text)} ${why}: no tunnel can end there`;
}

function hostAddress(text: string): string | undefined {
  if (/^[^:]*:[0-9]*$/.test(text)) return `'${text}' has a port; write it as 'ssh: { port: … }'`;
  if (text.includes('@')) return `'${text}' has a user; write it as 'ssh: { user: … }'`;
  // The zone is the controller's own interface: RFC 4007, section 11.
  const [, linkLocal] = /^(fe[89ab][0-9a-f]:[0-9a-f:]*)%[\w.-]{1,15}$/i.exec(text) ?? [];
  if (linkLocal !== undefined) return parseAddress(linkLocal).error;
  // Digits and dots can only be meant as an address; a name can't contain a colon.
  if (/^[0-9.]+$/.test(text) || text.includes(':')) return parseAddress(text).error;
  if (text.includes('/')) return `'${text}' is not an address to connect to; leave out the prefix length`;
  return hostNameProblem(text);
}

/** Maximum characters of a host name (RFC 1035). */
export const maxHostName = 253;

/** Letters, digits, `.`, `_`, `-`; labels of at most 63 characters, 253 in all (RFC 1035, with `_` as in use). */
export function hostNameProblem(text: string): string | undefined {
  if (text === '') return "a host's name can't be empty";
  const bad = /[^A-Za-z0-9._-]/u.exec(text)?.[0];
  if (bad !== undefined) return `'${text}' is not a host name: '${bad}' is not allowed in it`;
  // ssh would read it as an option.
  if (text.startsWith('-')) return `'${text}' is not a host name: it begins with '-'`;
  const labels = text.replace(/\.$/, '').split('.');
  if (text.length > maxHostName || labels.some((label) => label.length > 63)) {
    return `'${text}' is too long: at most 63 characters between dots, and ${maxHostName} in all`;
  }
  if (labels.includes('')) return `'${text}' is not a host name: it has an empty part`;
  return undefined;
}
