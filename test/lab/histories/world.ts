import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../../src/journal/journal.ts';
import type { CommandResult } from '../../../src/lab/command.ts';
import { differences, type Snapshot } from '../../../src/lab/snapshot.ts';
import { Fleet, type Snapshots } from '../faults/fleet.ts';
import type { Machines } from '../faults/machines.ts';
import { type ByHand, type HandMade, handMade } from './by-hand.ts';
import { firstWish, inventory, nameOf, playbook, type Wish } from './wish.ts';

/** A law of histories that is broken. */
export class Finding extends Error {
  /** The law's name: together with the message it identifies a finding. */
  readonly law: string;

  constructor(law: string, message: string) {
    super(message);
    this.law = law;
  }
}

/** A run in force, with the hosts' state before it. */
export interface Standing {
  readonly run: string;
  readonly before: Snapshots;
}

/** The hosts of a history, with what is known about them. */
export class World {
  readonly fleet: Fleet;
  readonly machines: Machines;
  /** Canonical facts before the first deed, and after the last one. */
  readonly start: Snapshots;
  now: Snapshots;
  wish: Wish = firstWish;
  /** Oldest first. */
  standing: Standing[] = [];
  /** Whether hosts were changed so that undoing the newest run leads to no known state. */
  disturbed = false;
  rebooted = false;
  /** What others have made, by the host's ordinal. */
  readonly foreign = new Map<number, Set<ByHand>>();
  /** What was printed and done, for people. */
  readonly log: string[] = [];

  private constructor(machines: Machines, fleet: Fleet, start: Snapshots) {
    this.machines = machines;
    this.fleet = fleet;
    this.start = start;
    this.now = start;
  }

  static async on(machines: Machines): Promise<World> {
    const fleet = new Fleet(machines);
    await Promise.all(fleet.hosts.map((host) => fleet.on(host, ready)));
    return new World(machines, fleet, await fleet.snapshots());
  }

  /** Hosts by their name in the lab. */
  hostOf(ordinal: number): string {
    return this.fleet.hosts[ordinal - 1] ?? '';
  }

  /** Writes inventory and playbook, and returns the playbook's path. */
  write(wish: Wish, more = ''): string {
    this.fleet.write('inventory.yml', inventory(wish, this.machines));
    return this.fleet.write('mesh.yml', playbook(wish, more));
  }

  /** Runs the command line like a user who answers yes. */
  async meshbook(...args: string[]): Promise<CommandResult> {
    const began = Date.now();
    const result = await this.fleet.ask(args);
    const took = ((Date.now() - began) / 1000).toFixed(1);
    const said = result.exitCode === 0 ? [] : [tail(result.stdout, 40), tail(result.stderr, 40)];
    this.log.push(`$ meshbook ${args.join(' ')}   # ${result.exitCode}, ${took} s`, ...said.filter(Boolean));
    if (result.exitCode === 70 || result.exitCode === null)
      throw new Finding('no bug of its own', `meshbook ${args[0]} ended with ${result.exitCode}`);
    return result;
  }

  /** Runs of this history that have something left to undo, oldest first. */
  undoable(): string[] {
    const journal = new Journal(this.fleet.folder);
    const runs = journal.list();
    return runs.flatMap((run) =>
      run.verb === 'apply' && journal.leftToUndo(run, false, runs).length > 0 ? [run.id] : [],
    );
  }

  /** The ids of all runs. */
  runs(): string[] {
    const folder = join(this.fleet.folder, 'runs');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  /** The bridge addresses that the leases give to the members, by ordinal. */
  bridgeAddresses(): Map<number, string> {
    const path = join(this.fleet.folder, 'inventory.leases.json');
    const { overlays } = JSON.parse(readFileSync(path, 'utf8')) as {
      overlays: Record<string, Record<string, { bridge_address: string }>>;
    };
    const leases = overlays[this.wish.overlay] ?? {};
    return new Map(
      this.wish.hosts.map((ordinal) => [ordinal, leases[nameOf(this.wish, ordinal)]?.bridge_address ?? '']),
    );
  }

  foreignOn(ordinal: number): (readonly [ByHand, HandMade])[] {
    return [...(this.foreign.get(ordinal) ?? [])].map((what) => [what, handMade[what]]);
  }

  /** Forgets others' things that need not exist any more, if they are gone. */
  async forgetGone(ordinal: number, which: (thing: HandMade) => boolean): Promise<void> {
    for (const [what, thing] of this.foreignOn(ordinal)) {
      if (!which(thing)) continue;
      const { exitCode } = await this.machines.exec(this.hostOf(ordinal), thing.there ?? ':');
      if (exitCode !== 0) this.foreign.get(ordinal)?.delete(what);
    }
  }

  /**
   * A host's canonical facts for a comparison. Open vSwitch chooses a new MAC address whenever it makes a bridge, and
   * a boot gives docker0 another one.
   */
  comparable(snapshot: Snapshot): Snapshot {
    const interfaces = snapshot.interfaces as readonly { readonly name: string; readonly kind?: string }[];
    const bridges = snapshot.ovs;
    const ofOvs = new Set(typeof bridges === 'object' && bridges !== null ? Object.keys(bridges) : []);
    const isChosen = (name: string) => ofOvs.has(name) || (this.rebooted && name === 'docker0');
    return {
      ...snapshot,
      interfaces: interfaces.map((one) => (isChosen(one.name) ? { ...one, mac: 'any' } : one)) as never,
    };
  }

  /** If nothing is left of what was done, later deeds start afresh. */
  settle(): void {
    if (
      !this.disturbed ||
      this.undoable().length > 0 ||
      [...this.foreign.values()].some(({ size }) => size > 0)
    )
      return;
    const same = [...this.now].every(
      ([host, is]) =>
        differences(this.comparable(this.start.get(host) as Snapshot), this.comparable(is)).length === 0,
    );
    if (!same) return;
    this.disturbed = false;
    this.standing = [];
  }

  /** A host has booted: what a boot removes is gone, and others restore what is theirs. */
  async booted(ordinal: number): Promise<void> {
    this.rebooted = true;
    this.disturbed = true;
    await this.forgetGone(ordinal, ({ live }) => live === true);
    for (const [, { afterBoot = ':' }] of this.foreignOn(ordinal))
      await this.fleet.on(this.hostOf(ordinal), afterBoot);
  }

  leave(): void {
    this.fleet.forget();
  }
}

// Folders of earlier histories would count among those that a host keeps.
const ready = 'rm -rf /var/lib/meshbook';

/** The exit code of a command and its last output. */
export function said(command: string, { exitCode, stdout, stderr }: CommandResult): string {
  return `${command} ended with ${exitCode}\n${tail(stdout, 30)}\n${tail(stderr, 20)}`;
}

function tail(text: string, lines: number): string {
  return text.trim().split('\n').slice(-lines).join('\n');
}
