import { formatAddress, parseAddress } from '../net/address.ts';
import { type Cidr, formatCidr, netmask, nthAddress, parseCidr } from '../net/cidr.ts';
import { type InterfaceAddress, interfaceNetwork, parseInterfaceAddress } from '../net/interface-address.ts';
import type { Filter } from './filter.ts';
import { type Span, TemplateError } from './template-error.ts';
import { typeName } from './values.ts';

/** Filters for `10.11.12.5/24`, an interface's address, and for `10.11.12.0/24`, a network. */
export const networkFilters: readonly (readonly [string, Filter])[] = [
  ['ip', { arguments: 0, apply: (input, _, span) => addressPart(input, span) }],
  ['prefix', { arguments: 0, apply: (input, _, span) => networkOf('prefix', input, span).prefix }],
  ['network', { arguments: 0, apply: (input, _, span) => formatCidr(networkOf('network', input, span)) }],
  ['netmask', { arguments: 0, apply: (input, _, span) => netmask(networkOf('netmask', input, span)) }],
  ['nth', { arguments: 1, apply: nth }],
];

function text(filter: string, input: unknown, span: Span | undefined): string {
  if (typeof input === 'string') return input;
  throw new TemplateError(
    'type-mismatch',
    `filter '${filter}' works on an address, not on ${typeName(input)}`,
    span,
  );
}

function wrong(filter: string, error: string, span: Span | undefined): TemplateError {
  return new TemplateError('invalid-address', `filter '${filter}': ${error}`, span);
}

/** The address without its optional prefix length. */
function addressPart(input: unknown, span: Span | undefined): string {
  const given = text('ip', input, span);
  if (given.includes('/')) {
    const { version, value } = read('ip', given, span).address;
    return formatAddress({ version, value });
  }
  const { value, error } = parseAddress(given);
  if (error !== undefined) throw wrong('ip', error, span);
  return formatAddress(value);
}

function networkOf(filter: string, input: unknown, span: Span | undefined): Cidr {
  return interfaceNetwork(read(filter, text(filter, input, span), span));
}

function read(filter: string, given: string, span: Span | undefined): InterfaceAddress {
  const network = parseCidr(given).value;
  if (network) return { address: { version: network.version, value: network.first }, prefix: network.prefix };
  const { value, error } = parseInterfaceAddress(given);
  if (error !== undefined) throw wrong(filter, error, span);
  return value;
}

/** `'10.11.12.0/24' | nth(1)` is 10.11.12.1. */
function nth(input: unknown, [index]: readonly unknown[], span: Span | undefined): string {
  const network = networkOf('nth', input, span);
  const address = Number.isSafeInteger(index) ? nthAddress(network, BigInt(index as number)) : undefined;
  if (address) return formatAddress(address);
  throw wrong(
    'nth',
    `${formatCidr(network)} has no address number ${typeof index === 'number' ? index : typeName(index)}`,
    span,
  );
}
