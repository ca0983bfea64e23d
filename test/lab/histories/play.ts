import { labDown, labUp } from '../../../src/lab/lab.ts';
import { labMachines, type Machines } from '../faults/machines.ts';
import { carryOut } from './carry-out.ts';
import { type Deed, type History, inWords } from './deeds.ts';
import { undoEverything } from './end.ts';
import { World } from './world.ts';

/** Needed by a step that writes the file for the boot. */
const bridgeUtils = 'apt-get -qq install -y bridge-utils >/dev/null 2>&1';

/** Hosts for histories, one after the other: reused while they are left unchanged. */
export interface Ground {
  machines(): Promise<Machines>;
  /** They were left changed. */
  spoil(): void;
}

/** A lab of its own, made anew after a history has spoilt it. */
export class LabGround implements Ground {
  readonly #stateDir: string;
  readonly #hosts: number;
  #machines: Machines | undefined;
  #left = false;

  constructor(stateDir: string, hosts: number) {
    this.#stateDir = stateDir;
    this.#hosts = hosts;
  }

  async machines(): Promise<Machines> {
    // After the end nothing is made any more, even for callers that still wait.
    if (this.#left) return new Promise(() => {});
    if (this.#machines === undefined) {
      await labDown(this.#stateDir);
      const machines = labMachines(
        await labUp({ stateDir: this.#stateDir, hosts: this.#hosts, install: true }),
      );
      await Promise.all(machines.lab.hosts.map(({ name }) => machines.exec(name, bridgeUtils)));
      this.#machines = machines;
    }
    return this.#machines;
  }

  spoil(): void {
    this.#machines = undefined;
  }

  async leave(): Promise<void> {
    this.#left = true;
    await labDown(this.#stateDir);
  }
}

export interface Played {
  /** What was found: a Finding, or an error of the driver's own. */
  readonly error?: Error;
  /** What was printed and done. */
  readonly log: readonly string[];
}

/** Plays deeds up to the first finding, or to their end, and then undoes everything. */
export async function play(ground: Ground, deeds: (world: World) => Promise<void>): Promise<Played> {
  const world = await World.on(await ground.machines());
  try {
    await deeds(world);
    world.log.push('# everything is undone, the newest run first');
    await undoEverything(world);
    return { log: world.log };
  } catch (error) {
    ground.spoil();
    return { error: error as Error, log: world.log };
  } finally {
    world.leave();
  }
}

export async function doDeed(world: World, deed: Deed): Promise<void> {
  world.log.push(`# ${inWords(deed)}`);
  await carryOut(world, deed);
  world.settle();
}

/** Plays a given history. */
export function playHistory(ground: Ground, history: History): Promise<Played> {
  return play(ground, async (world) => {
    for (const deed of history) await doDeed(world, deed);
  });
}
