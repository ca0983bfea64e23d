import { parseAddress } from '../../net/address.ts';
import { networkAround } from '../../net/cidr.ts';
import { parseInterfaceAddress } from '../../net/interface-address.ts';

/**
 * Values of the right type that keep dockerd from starting, each as a sentence without a full stop: everything that
 * `dockerd --validate` accepts nonetheless (measured with 20.10, 26.1 and 28.5). Combinations of options are checked
 * elsewhere.
 */
export function refusedValues(values: Readonly<Record<string, unknown>>): string[] {
  return [
    ...text(values.bip, (bip) => `'bip' must be an address of a host, such as 172.20.1.1/24: ${bip}`, isHost),
    ...text(
      values['fixed-cidr'],
      (cidr) => `'fixed-cidr' must be a range, such as 172.20.1.128/25: ${cidr}`,
      isRange,
    ),
    ...text(values['default-gateway'], (ip) => `'default-gateway' must be an address: ${ip}`, isAddress),
    ...runtime(values),
    ...pools(values['default-address-pools']),
  ];
}

const isHost = (value: string) => !value.includes(':') && parseInterfaceAddress(value).error === undefined;
const isRange = (value: string) => networkAround(value).error === undefined && value.includes('/');
const isAddress = (value: string) => parseAddress(value).error === undefined;

function text(
  value: unknown,
  sentence: (value: string) => string,
  fits: (value: string) => boolean,
): string[] {
  return typeof value !== 'string' || value === '' || fits(value) ? [] : [sentence(value)];
}

/** Names with a dot or a slash are containerd's own, or a program's path. */
function runtime({ 'default-runtime': name, runtimes }: Readonly<Record<string, unknown>>): string[] {
  if (typeof name !== 'string' || name === '' || name === 'runc' || /[./]/.test(name)) return [];
  const known = typeof runtimes === 'object' && runtimes !== null && Object.hasOwn(runtimes, name);
  return known ? [] : [`'default-runtime' is ${name}, which 'runtimes' does not have`];
}

function pools(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const fits = Array.isArray(value) && value.every(isPool);
  return fits
    ? []
    : ["'default-address-pools' must be a list of { base, size }, with sizes that fit their base"];
}

function isPool(value: unknown): boolean {
  const { base, size } = (value ?? {}) as { base?: unknown; size?: unknown };
  const range = typeof base === 'string' ? networkAround(base).value : undefined;
  if (range === undefined || !Number.isInteger(size)) return false;
  const most = range.version === 4 ? 32 : 128;
  return (size as number) >= range.prefix && (size as number) <= most;
}
