import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { InvalidInput, RunError } from '../../diagnostics/errors.ts';
import type { Facts } from '../../facts/fact.ts';
import type { ResolvedHost, ResolvedPlay } from '../../model/resolved.ts';
import { guardCommands } from '../../plan/guards.ts';
import { stepQueriesOf } from '../../plan/plan-host.ts';
import { guardWords } from '../../report/plan/asked-words.ts';
import { hostNames } from '../../report/text/host-names.ts';
import type { FleetPlay } from '../../run/open-fleet.ts';
import { needsSecrets, restoreChecks, restoreHosts } from '../../saved/restore-plan.ts';
import type { SavedPlan } from '../../saved/saved-plan.ts';
import { secrets } from '../../secrets/masker.ts';
import type { Io } from '../output/io.ts';
import { loadPlay, mustResolve, resolveWith } from './load-play.ts';
import type { PlayOptions } from './options.ts';

type Options = PlayOptions & { readonly become?: boolean; readonly prune?: boolean };

/** @throws InvalidInput for options that would change the plan. */
export function refuseOptions(saved: SavedPlan, options: Options): void {
  const given = {
    '--limit': options.limit !== undefined,
    '--tags': options.tags.length > 0,
    '--skip-tags': options.skipTags.length > 0,
    '--become': options.become === true,
    '--prune': options.prune === true,
    '--extra-vars': options.extraVars.length > 0 && !needsSecrets(saved),
    '--secret-vars': (options.secretVars ?? []).length > 0 && !needsSecrets(saved),
  };
  const refused = Object.entries(given).flatMap(([option, is]) => (is ? [option] : []));
  if (refused.length === 0) return;
  throw new InvalidInput(
    refused.map((option) => ({
      severity: 'error',
      code: 'plan-option',
      message: `${option} can't be given with a saved plan, which is carried out as it was reviewed`,
      hint: 'give it to meshbook plan -o FILE',
    })),
  );
}

/** @throws InvalidInput if steps are missing because their content was unknown. */
export function refuseOpen(path: string, { hosts }: SavedPlan): void {
  const open = hosts.filter(({ unresolved = [] }) => unresolved.length > 0);
  if (open.length === 0) return;
  const steps = new Set(open.flatMap(({ unresolved = [] }) => unresolved));
  throw new InvalidInput([
    {
      severity: 'error',
      code: 'plan-open',
      message: `${path} leaves open what steps say on ${hostNames(open.map(({ name }) => name))}: ${[...steps].join(', ')}`,
      hint: 'make the plan from facts of these hosts, or over a connection',
    },
  ]);
}

/**
 * A saved plan's play, for opening a fleet. Secrets are read again from the playbook and the inventory; if templates
 * need facts for that, `later` does it once they are known.
 * @throws RunError if the files are missing, InvalidInput if their content differs.
 */
export async function playOfSaved(
  path: string,
  saved: SavedPlan,
  options: Options,
  io: Io,
): Promise<{ first: FleetPlay; later: (facts: ReadonlyMap<string, Facts>) => FleetPlay }> {
  if (!needsSecrets(saved)) {
    const play = restored(path, saved);
    return { first: play, later: () => play };
  }
  const { playbook, choice } = saved.head;
  const { inventory: first, moreInventories = [] } = saved.head;
  const inventory = [options.inventory ?? [first, ...moreInventories]].flat();
  for (const file of [playbook, ...inventory]) {
    if (existsSync(file)) continue;
    throw new RunError('state', `${path} holds no secrets; they are read from ${file}, which isn't here`, {
      hint: 'apply it where the playbook and the inventory are; -i names another inventory',
    });
  }
  const play = await loadPlay(playbook, { ...options, ...choice, inventory });
  const { play: resolved } = mustResolve(play, io);
  const later = (facts: ReadonlyMap<string, Facts>) => restored(path, saved, resolveWith(play, facts).play);
  if (!resolved.needsFacts) {
    const first = restored(path, saved, resolved);
    return { first, later: () => first };
  }
  // Only for reading the facts that templates need, from the machine in the plan, not the one now in the inventory.
  const { hosts } = restoreHosts({ ...saved, hosts: saved.hosts.map((host) => ({ ...host, steps: [] })) });
  return { first: { hosts, checks: [], needsFacts: true }, later };
}

function restored(path: string, saved: SavedPlan, fresh?: ResolvedPlay): FleetPlay {
  const { hosts, problems: ofHosts } = restoreHosts(saved, fresh?.hosts);
  const { checks, problems: ofChecks } = restoreChecks(saved, fresh?.checks);
  const problems = [...ofHosts, ...ofChecks];
  if (problems.length > 0) {
    throw new InvalidInput(
      problems.map((problem) => ({
        severity: 'error',
        code: 'plan-stale',
        message: `${path} can't be completed with its secrets: ${problem}`,
        hint: 'make the plan again and review it: meshbook plan -o FILE',
      })),
    );
  }
  refuseUnshownGuards(path, saved, hosts);
  return { hosts, checks, needsFacts: false };
}

/**
 * A guard runs, as root, before it is known whether the host's plan is still the saved one: so the plan must show it.
 * @throws InvalidInput
 */
function refuseUnshownGuards(path: string, saved: SavedPlan, hosts: readonly ResolvedHost[]): void {
  const shown = new Map(saved.hosts.map(({ name, plan }) => [name, plan.flatMap(({ asks = [] }) => asks)]));
  const unshown = hosts.flatMap((host) =>
    host.steps.flatMap((step): Diagnostic[] => {
      const guards = secrets.value(guardCommands(stepQueriesOf({ ...host, steps: [step] })));
      const { name } = host.host;
      const guard = guards.find((one) => !shown.get(name)?.some((other) => isDeepStrictEqual(one, other)));
      if (guard === undefined) return [];
      return [
        {
          severity: 'error',
          code: 'plan-damaged',
          message: `${path} doesn't show what it would ask ${name}: step ${step.step.index + 1}, ${step.name}: ${guardWords(guard)}`,
          hint: 'make the plan again and review it: meshbook plan -o FILE',
        },
      ];
    }),
  );
  if (unshown.length > 0) throw new InvalidInput(unshown);
}
