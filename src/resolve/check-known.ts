import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import type { ResolvedHost, ResolvedStep } from '../model/resolved.ts';
import { checkStep } from '../plan/plan-host.ts';

type Asked = (name: string) => boolean;

/** An overlay was used that is missing because of an error. */
class LostOverlay extends Error {}

/**
 * The kinds' errors about a host's params alone. Errors of a kind that has used a lost overlay only follow from the
 * first error, and are left out.
 */
export function checkKnown(host: ResolvedHost, isLost: Asked | undefined): Diagnostic[] {
  if (isLost === undefined) return host.steps.flatMap((step) => checkStep(host, step));
  const partly = { ...host, overlays: new PartlyKnown(host.overlays, isLost) };
  return host.steps.flatMap((step) => checkPartly(partly, step));
}

function checkPartly(host: ResolvedHost, step: ResolvedStep): Diagnostic[] {
  try {
    return checkStep(host, step);
  } catch (error) {
    if (error instanceof LostOverlay) return [];
    throw error;
  }
}

/** Names may be listed for hints; iterating over the overlays themselves uses all of them. */
class PartlyKnown extends Map<string, HostOverlay> {
  readonly #isLost: Asked;

  constructor(overlays: ReadonlyMap<string, HostOverlay>, isLost: Asked) {
    super(overlays);
    this.#isLost = isLost;
  }

  override get(name: string): HostOverlay | undefined {
    if (this.#isLost(name)) throw new LostOverlay();
    return super.get(name);
  }

  override has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  override values(): never {
    throw new LostOverlay();
  }

  override entries(): never {
    throw new LostOverlay();
  }

  override forEach(): never {
    throw new LostOverlay();
  }

  override [Symbol.iterator](): never {
    throw new LostOverlay();
  }
}
