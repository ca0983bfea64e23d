import type { SourceRange } from '../../src/diagnostics/diagnostic.ts';
import type { Host, OverlaySpec } from '../../src/model/types.ts';

/** A range whose text is its label, to test where a diagnostic points. */
export function rangeOf(label: string): SourceRange {
  return { source: { path: 'lab.yml', text: label }, start: 0, end: label.length };
}

export function host(
  name: string,
  more: { underlay?: string; overlay?: { fixedCidr?: string; bridgeAddress?: string } } = {},
): Host {
  const override = more.overlay && { ...more.overlay, at: (key?: string) => rangeOf(`${name} ${key}`) };
  return {
    name,
    at: rangeOf(name),
    groups: ['all'],
    address: name,
    underlayAddress: more.underlay ?? name,
    underlayAt: rangeOf(`${name} underlay_address`),
    ssh: {},
    become: false,
    vars: {},
    varsAt: () => rangeOf(`${name} vars`),
    overlays: override ? { lab: override } : {},
  };
}

export function overlay(more: Partial<OverlaySpec> = {}): OverlaySpec {
  return {
    name: 'lab',
    cidr: '10.11.12.0/24',
    tunnel: 'gre',
    shape: 'full_mesh',
    subnetPrefix: 28,
    underlayMtu: 1500,
    at: (key, ...path) => rangeOf(['overlay', String(key), ...path].join(' ')),
    ...more,
  };
}
