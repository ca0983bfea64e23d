import { primitiveOf } from '../changes/registry.ts';
import { type TakenValue, type ValueName, values } from '../changes/values.ts';
import { RunError } from '../diagnostics/errors.ts';
import { secrets } from '../secrets/masker.ts';
import type { HostEvent } from '../transaction/events.ts';
import { stopScript } from '../transaction/host-scripts.ts';
import type { Stage } from '../transaction/stage.ts';
import { deliverScript, dropValuesScript } from '../transaction/value-scripts.ts';
import type { Trouble } from './events.ts';
import type { FleetHost } from './open-fleet.ts';
import { isLost } from './patience.ts';
import type { Progress } from './progress.ts';
import { troubleOf } from './trouble.ts';

/** For how long reading or bringing a value is tried again over a connection that is lost. */
const patienceMs = 60_000;
const pauseMs = 1000;
const answerMs = 40_000;

interface Promised {
  readonly value: Promise<string>;
  resolve(value: Promise<string>): void;
  reject(reason: RunError): void;
}

type Connected = Pick<FleetHost, 'connection'>;

/**
 * Brings values from the hosts that have them to the programs that wait for them, while all programs of a stage run.
 * A value is read from its host when the change that gives it is done, or at once where the host has it already. It is
 * in memory only, and masked everywhere from the moment that it is known.
 */
export class ValueExchange {
  readonly #stages: ReadonlyMap<Progress, Stage>;
  readonly #fleet: ReadonlyMap<string, FleetHost>;
  /** Stops a host's program that waits for a value that will not come. */
  readonly #lacks: (taker: Progress, trouble: Trouble) => void;
  readonly #promised = new Map<string, Promised>();
  /** Hosts whose program is at its end. */
  readonly #over = new Set<Progress>();

  constructor(
    stages: ReadonlyMap<Progress, Stage>,
    fleet: readonly FleetHost[],
    lacks: (taker: Progress, trouble: Trouble) => void,
  ) {
    this.#stages = stages;
    this.#fleet = new Map(fleet.map((host) => [host.plan.host, host]));
    this.#lacks = lacks;
  }

  /** Hosts that give values first, then those that take some, then the others: in this order they are begun. */
  inOrder(): Progress[] {
    const rank = (host: Progress) => (this.#gives(host).length > 0 ? 0 : this.#takes(host) ? 1 : 2);
    return [...this.#stages.keys()].sort((a, b) => rank(a) - rank(b));
  }

  /** How many hosts have to run at once, so that none waits for one that isn't begun. */
  get atOnce(): number {
    return [...this.#stages.keys()].filter((host) => this.#gives(host).length > 0 || this.#takes(host))
      .length;
  }

  /** Told of all that a host's program reports. */
  heard(host: Progress, event: HostEvent): void {
    const change = this.#changes(host).find(({ id }) => 'id' in event && id === event.id)?.change;
    if (change === undefined) return;
    const primitive = primitiveOf(change);
    const from = host.target.name;
    if (event.type === 'ok')
      for (const name of primitive.gives(change))
        if (this.#isTaken({ name, from }))
          this.#promise({ name, from }).resolve(this.#read(host, { name, from }));
    if (event.type === 'wait') for (const value of primitive.takes(change)) void this.#bring(host, value);
  }

  /** A host's program has ended: what it has not given it never will. Waits for what is still being read. */
  async ended(host: Progress): Promise<void> {
    const from = host.target.name;
    this.#over.add(host);
    for (const name of this.#gives(host)) {
      const { value, reject } = this.#promise({ name, from });
      reject(notGiven({ name, from }));
      await value.catch(() => {});
    }
    if (!this.#takes(host)) return;
    await host.connection.run(dropValuesScript(host.run).text, { timeoutMs: answerMs }).catch(() => {});
  }

  async #bring(taker: Progress, value: TakenValue): Promise<void> {
    const stage = this.#stages.get(taker);
    if (stage === undefined) return;
    try {
      const text = await this.#valueOf(value);
      await insist(taker, deliverScript(taker.run, stage.name, value, text).text, () =>
        this.#over.has(taker),
      );
    } catch (error) {
      if (this.#over.has(taker)) return;
      this.#lacks(taker, troubleOf(error));
      await insist(taker, stopScript(taker.run, stage.name).text, () => this.#over.has(taker)).catch(
        () => {},
      );
    }
  }

  #valueOf(value: TakenValue): Promise<string> {
    const isKnown = this.#promised.has(keyOf(value));
    const promised = this.#promise(value);
    if (isKnown) return promised.value;
    const running = [...this.#stages.keys()].find(({ target }) => target.name === value.from);
    if (running !== undefined && this.#gives(running).includes(value.name)) return promised.value;
    // No change of the run gives it: the host has it already.
    const giver = running ?? this.#fleet.get(value.from);
    if (giver === undefined) promised.reject(notGiven(value));
    else promised.resolve(this.#read(giver, value));
    return promised.value;
  }

  async #read(giver: Connected, value: TakenValue): Promise<string> {
    const { read, form } = values[value.name];
    const text = await insist(giver, read.text, () =>
      this.#takers().every((host) => this.#over.has(host)),
    ).then(
      (printed) => printed.trim(),
      (error: unknown) => {
        throw notGiven(value, troubleOf(error).message);
      },
    );
    if (!form.test(text)) throw notGiven(value);
    secrets.add(text);
    return text;
  }

  #promise(value: TakenValue): Promised {
    const key = keyOf(value);
    const known = this.#promised.get(key) ?? promise();
    this.#promised.set(key, known);
    return known;
  }

  #takers(): Progress[] {
    return [...this.#stages.keys()].filter((host) => this.#takes(host));
  }

  #isTaken({ name, from }: TakenValue): boolean {
    return [...this.#stages.values()].some(({ changes }) =>
      changes.some(({ change }) =>
        primitiveOf(change)
          .takes(change)
          .some((value) => value.name === name && value.from === from),
      ),
    );
  }

  #changes(host: Progress): Stage['changes'] {
    return this.#stages.get(host)?.changes ?? [];
  }

  #gives(host: Progress): ValueName[] {
    return this.#changes(host).flatMap(({ change }) => [...primitiveOf(change).gives(change)]);
  }

  #takes(host: Progress): boolean {
    return this.#changes(host).some(({ change }) => primitiveOf(change).takes(change).length > 0);
  }
}

function keyOf({ name, from }: TakenValue): string {
  return `${name} ${from}`;
}

function promise(): Promised {
  let resolve: Promised['resolve'] = () => {};
  let reject: Promised['reject'] = () => {};
  const value = new Promise<string>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Nobody may wait for it.
  value.catch(() => {});
  return { value, resolve, reject };
}

function notGiven(value: TakenValue, why?: string): RunError {
  return new RunError(
    'state',
    `${value.from} does not give ${values[value.name].words}${why === undefined ? '' : `: ${why}`}`,
  );
}

/**
 * The output of a repeatable script. The follower of the host's program reconnects; once it is `over`, nothing does.
 */
async function insist(host: Connected, script: string, isOver: () => boolean): Promise<string> {
  const until = Date.now() + patienceMs;
  while (true) {
    try {
      const { exitCode, stdout, stderr } = await host.connection.run(script, { timeoutMs: answerMs });
      if (exitCode === 0) return stdout;
      throw new RunError('state', secrets.cut(stderr).trim().slice(-300) || `status ${exitCode}`);
    } catch (error) {
      if (!(error instanceof RunError && isLost(error)) || isOver() || Date.now() >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
