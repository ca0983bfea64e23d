import type { Facts } from '../facts/fact.ts';
import type { Host } from '../model/types.ts';
import { UNKNOWN } from '../template/values.ts';
import type { ResolvedOverlays } from './overlays.ts';
import type { PlayParts } from './play-parts.ts';
import { builtins } from './scope.ts';
import { StepContext } from './step-names.ts';

type Asked = (name: string) => boolean;

/** The context for resolving steps, host by host; what errors have made unknown is UNKNOWN there. */
export class StepContexts {
  /** Undefined if every overlay is known. */
  readonly isLostOverlay: Asked | undefined;
  readonly #parts: PlayParts;
  readonly #overlays: ResolvedOverlays | undefined;
  readonly #lostOverlays: ReadonlySet<string>;
  /** Each of them UNKNOWN: one value for all hosts, as there may be as many. */
  readonly #lostValues: Readonly<Record<string, typeof UNKNOWN>>;
  readonly #isLostVariable: Asked | undefined;
  readonly #secret: ReadonlySet<string>;
  #anyHost: StepContext | undefined;

  constructor(parts: PlayParts, overlays: ResolvedOverlays | undefined) {
    const { inventory, extraVars, lost } = parts;
    this.#parts = parts;
    this.#overlays = overlays;
    this.#secret = new Set([...(inventory?.secret ?? []), ...parts.playbook.secret].map(({ name }) => name));
    this.#lostOverlays = new Set([...(overlays?.failed ?? []), ...lost]);
    this.#lostValues = Object.fromEntries([...this.#lostOverlays].map((name) => [name, UNKNOWN]));
    this.isLostOverlay = this.#lostOverlays.size > 0 ? (name) => this.#lostOverlays.has(name) : undefined;
    // Without the inventory or the command line's variables, they may define any name.
    if (inventory === undefined || extraVars === undefined) this.#isLostVariable = () => true;
    else if (lost.size > 0) this.#isLostVariable = (name) => lost.has(name);
  }

  ofHost(host: Host, facts: Facts | undefined): StepContext {
    const { playbook, extraVars = {} } = this.#parts;
    const overlays = this.#overlays?.ofHost.get(host.name) ?? new Map();
    return new StepContext({
      host,
      playbook,
      extraVars,
      builtins: builtins(host, overlays, this.#lostValues, facts),
      secret: this.#secret,
      ...(this.#isLostVariable && { isLost: this.#isLostVariable }),
    });
  }

  /** For a step whose hosts are unknown: a host that has every variable that any host has. */
  ofAnyHost(): StepContext {
    this.#anyHost ??= this.#makeAnyHost();
    return this.#anyHost;
  }

  #makeAnyHost(): StepContext {
    const { inventory, playbook, extraVars = {} } = this.#parts;
    const names = new Set([...(inventory?.hosts.values() ?? [])].flatMap(({ vars }) => Object.keys(vars)));
    const overlays = [
      ...(inventory?.overlays.keys() ?? []),
      ...playbook.overlays.keys(),
      ...this.#lostOverlays,
    ];
    return new StepContext({
      host: { vars: {}, varsAt: playbook.varsAt },
      playbook,
      extraVars,
      builtins: {
        host: UNKNOWN,
        overlay:
          inventory === undefined ? UNKNOWN : Object.fromEntries(overlays.map((name) => [name, UNKNOWN])),
        facts: UNKNOWN,
      },
      secret: this.#secret,
      isLost: (name) => names.has(name) || (this.#isLostVariable?.(name) ?? false),
    });
  }
}
