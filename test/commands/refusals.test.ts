import { expect, it } from 'vitest';
import { refusals } from '../../src/commands/gates/refusals.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact } from '../../src/facts/file.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { fingerprintOf } from '../../src/saved/fingerprint.ts';
import type { SavedPlan } from '../../src/saved/saved-plan.ts';
import { resolved } from '../resolve/play.ts';

const { play } = resolved({
  inventory: 'hosts: { a: { address: 192.0.2.1 } }',
  playbook: 'hosts: all\nsteps: [{ name: Motd, file: { path: /etc/motd, content: hello } }]\n',
});

/** The host's plan if the file has this content. */
function planned(content?: string) {
  const owned = { mode: '0644', owner: 'root', group: 'root' };
  const file = content === undefined ? null : { kind: 'text' as const, content, ...owned };
  const facts = new Facts().with(fileFact('/etc/motd'), file);
  return planHosts(play.hosts.map((host) => ({ resolved: host, facts }))).hosts;
}

/** Why a plan made without the file is refused on a host with this content. */
function refused(content?: string): string | undefined {
  const head = { checks: [], onFailure: 'undo_all' } as const;
  const hosts = planned().map(({ plan }) => {
    const reach = { address: '192.0.2.1', ssh: {}, become: false, overlays: [] };
    const host = { name: plan.host, ...reach, plan: plan.steps };
    return { ...host, fingerprint: fingerprintOf(head, host) };
  });
  const saved = { head, hosts } as unknown as SavedPlan;
  return refusals(saved, { hosts: planned(content) }).get('a')?.message;
}

it('distinguishes a host that is already done from one with other changes', () => {
  expect(refused('hello')).toBe('the host is as planned already: nothing of the plan is left to do');
  expect(refused('another')).toBe('the host has changed since the plan was made');
  expect(refused()).toBeUndefined();
});
