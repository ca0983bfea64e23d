import { type Checked, type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { sortDiagnostics } from '../diagnostics/sort.ts';
import type { Facts } from '../facts/fact.ts';
import type { LeaseChange, Leases } from '../ipam/leases.ts';
import { tidy } from '../json/records.ts';
import { lintPlay } from '../lint/lint-play.ts';
import type { PlaybookParts } from '../model/playbook/playbook.ts';
import type { ResolvedPlay } from '../model/resolved.ts';
import type { Draft } from '../model/schema/draft.ts';
import type { Inventory, Playbook } from '../model/types.ts';
import { TooMuch, withAllowance } from '../source/allowance.ts';
import type { TagChoice } from './chosen-steps.ts';
import { resolveParts } from './resolve-parts.ts';
import { resolvePeers } from './resolve-peers.ts';

/** Everything that decides each host's steps. */
export interface PlayInputs extends TagChoice {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly leases: Leases;
  /** A host pattern that narrows the playbook's hosts. */
  readonly limit?: string;
  /** Whether to resolve the peers of the hosts that `limit` selects, too. */
  readonly peers?: boolean;
  /** From the command line; they win over all others. */
  readonly extraVars: Readonly<Record<string, unknown>>;
}

export interface Resolution {
  readonly play: ResolvedPlay;
  readonly leases: Leases;
  readonly leaseChanges: readonly LeaseChange[];
}

/**
 * For every host that the playbook means and `limit` selects: its overlays and its steps, with all templates rendered
 * and all params checked. Pure except for local files that steps name. `facts` are each host's, for templates; without
 * them, a step that uses them is in `unresolved`, and `needsFacts` is set.
 */
export function resolvePlay(inputs: PlayInputs, facts?: ReadonlyMap<string, Facts>): Checked<Resolution> {
  return within(
    () => resolveWhole(inputs, facts),
    (diagnostic) => ({ diagnostics: [diagnostic] }),
  );
}

/** Within the allowance of one play; `refused` is the result if that doesn't suffice. */
function within<T>(compute: () => T, refused: (diagnostic: Diagnostic) => T): T {
  try {
    return withAllowance(compute);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    const { message, range } = error;
    const hint = 'split the playbook, or use fewer hosts, variables and loops';
    return refused(tidy({ severity: 'error', code: 'play-too-large', message, hint, range }));
  }
}

function resolveWhole(inputs: PlayInputs, facts?: ReadonlyMap<string, Facts>): Checked<Resolution> {
  const parts = { ...inputs, playbook: { ...inputs.playbook, partSteps: [] }, lost: new Set<string>() };
  const { hosts, checks, overlays, needsFacts, diagnostics } = resolveParts(parts, facts);
  const isLimited = inputs.limit !== undefined && inputs.peers && !hasErrors(diagnostics);
  const peers = isLimited ? resolvePeers(parts, hosts, facts) : undefined;
  // Errors of the playbook itself are the same on every host, and are reported once.
  const found = sortDiagnostics([...diagnostics, ...(peers?.diagnostics ?? [])]);
  if (overlays === undefined || hasErrors(found)) return { diagnostics: found };
  // Only what is valid by itself is checked as a whole.
  const whole = [...found, ...sortDiagnostics(lintPlay(hosts))];
  if (hasErrors(whole)) return { diagnostics: whole };
  const { leases, leaseChanges } = overlays;
  const play = {
    playbook: inputs.playbook,
    hosts,
    checks,
    needsFacts,
    ...(peers === undefined ? {} : { peers: peers.value }),
  };
  return { value: { play, leases, leaseChanges }, diagnostics: whole };
}

/** Everything that decides each host's steps, with errors in it. */
export interface PlayDrafts extends TagChoice {
  readonly inventory: Draft<Inventory>;
  readonly playbook: Draft<Playbook, PlaybookParts>;
  readonly leases: Checked<Leases>;
  readonly limit?: string;
  readonly extraVars: Checked<Readonly<Record<string, unknown>>>;
}

/**
 * All errors of a play of which some part can't be used: those found while reading, and further ones that don't just
 * follow from them.
 */
export function errorsIn(drafts: PlayDrafts): readonly Diagnostic[] {
  const { inventory, playbook, leases, extraVars, ...choice } = drafts;
  const found = [inventory, playbook, leases, extraVars].flatMap((part) => part.diagnostics);
  if (playbook.usable === undefined) return found;
  const parts = {
    ...choice,
    inventory: inventory.usable,
    playbook: playbook.usable,
    leases: leases.value ?? new Map(),
    extraVars: extraVars.value,
    lost: new Set([...inventory.lost, ...playbook.lost]),
  };
  const more = within<readonly Diagnostic[]>(
    () => resolveParts(parts).diagnostics,
    (diagnostic) => [diagnostic],
  );
  return sortDiagnostics([...found, ...more]);
}
