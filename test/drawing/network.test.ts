import { describe, expect, it } from 'vitest';
import { dotFile } from '../../src/drawing/dot.ts';
import { mermaidFile } from '../../src/drawing/mermaid.ts';
import { isThere, type Network, networkOf } from '../../src/drawing/network.ts';
import type { PeerNeed } from '../../src/plan/peers.ts';
import { meshOf, overlaysOf, type PortStates, tunnelPlan } from './networks.ts';

const triangle = overlaysOf(meshOf(3));

/** `h1-h2 create/create`, a link each. */
function linksOf({ hosts, links }: Network): string[] {
  return links.map(({ a, b, states }) => `${hosts[a]?.name}-${hosts[b]?.name} ${states.join('/')}`).sort();
}

function statesOf({ hosts }: Network): string[] {
  return hosts.map(({ name, state }) => `${name} ${state}`);
}

function planned(plans: Readonly<Record<string, PortStates>>, unreachable: readonly string[] = []): Network {
  return networkOf({
    overlays: triangle,
    planned: {
      plans: Object.entries(plans).map(([host, ports]) => tunnelPlan(host, ports)),
      unreachable: new Set(unreachable),
    },
  });
}

describe('a network', () => {
  it('is what the overlays want, each link once, if nothing is planned', () => {
    const network = networkOf({ overlays: triangle });
    expect(statesOf(network)).toEqual(['h1 plain', 'h2 plain', 'h3 plain']);
    expect(linksOf(network)).toEqual([
      'h1-h2 unchanged/unchanged',
      'h1-h3 unchanged/unchanged',
      'h2-h3 unchanged/unchanged',
    ]);
    expect(network.overlays).toEqual([{ name: 'lab', cidr: '10.11.0.0/16', tunnel: 'gre', mtu: 1462 }]);
    expect(network.hosts[1]).toEqual({
      name: 'h2',
      state: 'plain',
      underlayAddress: '10.98.0.1',
      memberships: [{ overlay: 'lab', bridgeAddress: '10.11.0.1/16', fixedCidr: '10.11.1.0/24' }],
    });
  });

  it('shows at each end what a plan does', () => {
    const network = planned({ h1: { h2: 'create', h3: 'update' }, h2: { h1: 'create' }, h3: {} });
    expect(statesOf(network)).toEqual(['h1 changes', 'h2 changes', 'h3 unchanged']);
    expect(linksOf(network)).toEqual([
      'h1-h2 create/create',
      'h1-h3 update/unchanged',
      'h2-h3 unchanged/unchanged',
    ]);
  });

  it('includes links that are deleted, and hosts that only they name', () => {
    const network = planned({ h1: { old: 'delete' }, h2: {}, h3: {} });
    expect(statesOf(network)).toEqual(['h1 changes', 'h2 unchanged', 'h3 unchanged', 'old gone']);
    expect(linksOf(network)).toContain('h1-old delete/delete');
  });

  it('knows unselected hosts from their peers', () => {
    const h1 = new Map([...triangle].slice(0, 1));
    const plans = [tunnelPlan('h1', { h2: 'create' })];
    const network = networkOf({ overlays: h1, planned: { plans, unreachable: new Set() } });
    expect(network.hosts[1]).toEqual({
      name: 'h2',
      state: 'outside',
      underlayAddress: '10.98.0.1',
      memberships: [],
    });
    expect(linksOf(network)).toEqual(['h1-h2 create/unknown', 'h1-h3 unchanged/unknown']);
  });

  it('distinguishes peers that need a change from other unselected hosts', () => {
    const mesh = new Map([...overlaysOf(meshOf(5))].slice(0, 1));
    const plans = [tunnelPlan('h1', { h2: 'create' })];
    const need = { tunnels: [], reasons: [] };
    const peers: PeerNeed[] = [
      { ...need, host: 'h2', answer: 'change' },
      { ...need, host: 'h3', answer: 'unknown' },
      { ...need, host: 'h4', answer: 'unknown', unreachable: true },
    ];
    const network = networkOf({ overlays: mesh, planned: { plans, unreachable: new Set(), peers } });
    expect(statesOf(network)).toEqual([
      'h1 changes',
      'h2 peer',
      'h3 unknown',
      'h4 unreachable',
      'h5 outside',
    ]);
  });

  it('marks unselected hosts even if nothing is planned', () => {
    const network = networkOf({ overlays: new Map([...triangle].slice(0, 1)) });
    expect(statesOf(network)).toEqual(['h1 plain', 'h2 outside', 'h3 outside']);
    expect(mermaidFile(network, 'x')).toContain('\n  class h1,h2 outside\n');
    expect(dotFile(network, 'x').match(/h\d \[.*dashed/g)).toHaveLength(2);
  });

  it('includes a link that is left over at one end only', () => {
    const apart = overlaysOf([
      ['h1', 'h2'],
      ['h2', 'h3'],
    ]);
    const plans = [tunnelPlan('h1', { h3: 'delete' }), tunnelPlan('h2', {}), tunnelPlan('h3', {})];
    const network = networkOf({ overlays: apart, planned: { plans, unreachable: new Set() } });
    expect(linksOf(network)).toContain('h1-h3 delete/absent');
  });

  it('leaves ends unknown that no plan covers', () => {
    const network = planned({ h1: { h2: 'create' } }, ['h3']);
    expect(statesOf(network)).toEqual(['h1 changes', 'h2 outside', 'h3 unreachable']);
    expect(linksOf(network)).toEqual([
      'h1-h2 create/unknown',
      'h1-h3 unchanged/unknown',
      'h2-h3 unknown/unknown',
    ]);
  });

  it('leaves ends unknown whose step has no complete answer, or that no step manages', () => {
    const plans = [tunnelPlan('h1', {}, ['the database is down']), { host: 'h2', steps: [] }];
    const network = networkOf({ overlays: triangle, planned: { plans, unreachable: new Set() } });
    expect(statesOf(network).slice(0, 2)).toEqual(['h1 unknown', 'h2 unchanged']);
    expect(linksOf(network)[0]).toBe('h1-h2 unknown/unknown');
  });

  it.each([
    ['unchanged', true, true],
    ['create', false, true],
    ['update', true, true],
    ['delete', true, false],
    ['unknown', true, true],
    ['absent', false, false],
  ] as const)('an end that is %s exists before: %s, after: %s', (state, before, after) => {
    expect([isThere(state, 'before'), isThere(state, 'after')]).toEqual([before, after]);
  });
});
