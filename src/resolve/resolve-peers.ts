import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Facts } from '../facts/fact.ts';
import { thingsOf } from '../lint/things.ts';
import type { ResolvedHost, ResolvedPeers, ResolvedStep } from '../model/resolved.ts';
import type { PlayParts } from './play-parts.ts';
import { resolveParts } from './resolve-parts.ts';

/**
 * The unselected hosts at the other ends of the selected hosts' tunnels, with only the steps that make their ends; and
 * the checks for all of them.
 */
export function resolvePeers(
  parts: PlayParts,
  chosen: readonly ResolvedHost[],
  facts?: ReadonlyMap<string, Facts>,
): { value: ResolvedPeers; diagnostics: readonly Diagnostic[] } {
  const names = new Set(chosen.map(({ host }) => host.name));
  const wiring = new Set<ResolvedStep['step']>();
  const only = new Set(names);
  for (const { overlays, steps } of chosen) {
    for (const step of steps) {
      const wired = wiredBy(step);
      if (wired.length > 0) wiring.add(step.step);
      for (const { host } of wired.flatMap((overlay) => overlays.get(overlay)?.peers ?? [])) only.add(host);
    }
  }
  if (only.size === names.size)
    return { value: { hosts: [], checks: [], needsFacts: false }, diagnostics: [] };
  const { limit: _, ...unlimited } = parts;
  const { hosts, checks, needsFacts, diagnostics } = resolveParts(
    {
      ...unlimited,
      playbook: { ...parts.playbook, steps: [...wiring].sort((a, b) => a.index - b.index), partSteps: [] },
      // They are already selected.
      tags: ['all', 'never'],
      skipTags: [],
      only,
    },
    facts,
  );
  const peers = hosts.filter(
    ({ host, steps, unresolved = [] }) => !names.has(host.name) && steps.length + unresolved.length > 0,
  );
  return { value: { hosts: peers, checks, needsFacts }, diagnostics };
}

/** The overlays for which a step makes or removes the host's tunnel ends. */
function wiredBy(step: ResolvedStep): string[] {
  return thingsOf(step).flatMap(({ thing }) => (thing.is === 'tunnels' ? [thing.overlay] : []));
}
