const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `${octet}(\\.${octet}){3}`;
const ipv6 = ipv6Pattern();
const ipv4Prefix = '(3[0-2]|[12]?[0-9])';
const ipv6Prefix = '(12[0-8]|1[01][0-9]|[1-9]?[0-9])';
const address = `(${ipv4}|${ipv6})`;
const withPrefix = `(${ipv4}/${ipv4Prefix}|${ipv6}/${ipv6Prefix})`;
const label = '[A-Za-z0-9_-]{1,63}';
const hostName = `(?=.{1,253}$)(?!-)${label}(\\.${label})*\\.?`;
const hex = '[0-9A-Fa-f]{2}';

interface FormatPattern {
  readonly pattern: string;
  /** What editors show for a text that doesn't match. */
  readonly patternErrorMessage: string;
}

/**
 * The pattern for every format in src/model/schema/formats.ts, as far as one can express it: patterns can't do
 * arithmetic, so host bits, broadcast addresses, IPv4-mapped addresses and addresses that can't be tunnel endpoints
 * are left to meshbook.
 */
export const formatPatterns: Readonly<Record<string, FormatPattern>> = {
  'ip-address': whole(address, 'not an IP address such as 10.0.0.5'),
  'tunnel-address': whole(address, 'not an IP address such as 10.0.0.5'),
  cidr: whole(withPrefix, 'not a network such as 10.0.0.0/24'),
  'interface-address': whole(withPrefix, "not an interface's address such as 10.0.0.5/24"),
  'address-or-interface-address': whole(
    `(${address}|${withPrefix})`,
    'not an address such as 10.0.0.5 or 10.0.0.5/24',
  ),
  // Only digits and dots can only be meant as an address.
  'host-address': whole(
    `(${address}|(?![0-9.]+$)${hostName})`,
    'not a name or an address to connect to; user and port stand under ssh',
  ),
  mac: whole(`(${hex}(:${hex}){5}|${hex}(-${hex}){5})`, 'not a MAC address such as 02:42:ac:11:00:02'),
  'interface-name': {
    pattern: '^(?!\\.{1,2}$)[^\\s/:\\u0000"\'`$&;|<>(){}[\\]*?!#~\\\\]{1,15}$',
    patternErrorMessage:
      'not the name of an interface: at most 15 characters, without spaces, /, : and what means something to a shell',
  },
};

const number = '[0-9]+';
const ranges = [`${number}:${number}`, '[a-z]:[a-z]', '[A-Z]:[A-Z]'].map((range) => `${range}(:${number})?`);

/** A host's key in an inventory: a name, or names with ranges such as `docker[1:20]`. */
export const hostKeyPattern = `^(${hostName}|(?![.-]|[^\\[]*\\.\\.)([A-Za-z0-9._-]|\\[(${ranges.join('|')})\\])+)$`;

export const groupNamePattern = '^(?!all$)[A-Za-z0-9_][A-Za-z0-9_.-]*$';

function whole(pattern: string, patternErrorMessage: string): FormatPattern {
  return { pattern: `^${pattern}$`, patternErrorMessage };
}

/** RFC 4291, section 2.2, without an IPv4 address inside: eight groups, or fewer with one `::`. */
function ipv6Pattern(): string {
  const group = '[0-9A-Fa-f]{1,4}';
  const shortened = Array.from({ length: 8 }, (_, before) => {
    const head = before === 0 ? '' : `${group}(:${group}){${before - 1}}`;
    const after = 7 - before;
    const tail = after === 0 ? '' : `(${group}(:${group}){0,${after - 1}})?`;
    return `${head}::${tail}`;
  });
  return `(${group}(:${group}){7}|${shortened.join('|')})`;
}
