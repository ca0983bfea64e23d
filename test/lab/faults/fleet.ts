import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord } from '../../../src/journal/record.ts';
import { type CommandResult, run } from '../../../src/lab/command.ts';
import { type Snapshot, snapshotBy } from '../../../src/lab/snapshot.ts';
import { bin, Controller } from './controller.ts';
import type { Machines } from './machines.ts';
import { type Play, playbook } from './playbook.ts';

export type Snapshots = ReadonlyMap<string, Snapshot>;

/** Hosts, and a controller's folder from which meshbook runs. */
export class Fleet {
  readonly machines: Machines;
  readonly hosts: readonly string[];
  readonly folder = mkdtempSync(join(tmpdir(), 'meshbook-faults-'));
  readonly #planned = new Map<string, Snapshots>();
  /** The run that installed the packages. */
  #brought = '';

  constructor(machines: Machines) {
    this.machines = machines;
    this.hosts = machines.lab.hosts.map(({ name }) => name);
    this.write('inventory.yml', inventory(machines));
  }

  /** Installs packages that the playbook wants, and a file that it will change. */
  async makeReady(): Promise<void> {
    for (const host of this.hosts) {
      await this.on(
        host,
        'echo before >/etc/lab-fault; chown nobody /etc/lab-fault; chmod 0640 /etc/lab-fault',
      );
    }
    const packages = 'name: Packages\nhosts: all\nsteps:\n  - package: { name: bridge-utils }\n';
    const controller = this.start(['apply', '--yes', this.write('packages.yml', packages)]);
    if ((await controller.end) !== 0) throw new Error(`the hosts can't be made ready: ${controller.stderr}`);
    this.#brought = controller.run;
  }

  /** Removes what `makeReady` installed. */
  async leave(): Promise<void> {
    for (const host of this.hosts) await this.on(host, 'rm /etc/lab-fault');
    if (this.#brought !== '') {
      // It is in force, so the hosts have kept it, however many runs followed.
      const undo = this.start(['undo', this.#brought, '--packages', '--yes']);
      if ((await undo.end) !== 0) throw new Error(`the packages stay: ${undo.stderr}`);
    }
    this.forget();
  }

  /** Removes the controller's folder; the hosts are removed elsewhere. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  apply(play: Play, ...more: string[]): Controller {
    const path = play.path ?? this.write('faults.yml', playbook(play));
    return this.start([
      'apply',
      '--yes',
      '--confirm-timeout',
      `${this.machines.confirmTimeout}s`,
      ...more,
      path,
    ]);
  }

  /** Another controller's command, or a later one of this controller. */
  start(args: readonly string[]): Controller {
    return new Controller([...args, '--json'], this.#environment);
  }

  /** A command without events. */
  ask(args: readonly string[]): Promise<CommandResult> {
    const settings = Object.entries(this.#environment).map(([name, value]) => `${name}=${value}`);
    return run(['env', ...settings, process.execPath, bin, ...args]);
  }

  get #environment() {
    return {
      MESHBOOK_STATE_DIR: this.folder,
      MESHBOOK_INVENTORY: join(this.folder, 'inventory.yml'),
    };
  }

  record(run: string): RunRecord {
    return JSON.parse(readFileSync(join(this.folder, 'runs', run, 'run.json'), 'utf8')) as RunRecord;
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** As root, without meshbook. Throws if the script fails. */
  async on(host: string, script: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.machines.exec(host, script);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`on ${host}, status ${exitCode}: ${script}\n${stdout}${stderr}`);
  }

  async snapshots(): Promise<Snapshots> {
    const read = async (host: string) =>
      [host, await snapshotBy((script) => this.machines.exec(host, script))] as const;
    return new Map(await Promise.all(this.hosts.map(read)));
  }

  /** What `planned` found earlier. */
  knownPlan(play: Play): Snapshots | undefined {
    return this.#planned.get(planOf(play));
  }

  /** The hosts' state after a run without faults; they are restored when this returns. */
  async planned(play: Play): Promise<Snapshots> {
    const known = this.knownPlan(play);
    const { docker = false, uplink = false } = play;
    if (known !== undefined) return known;
    const controller = this.apply({ docker, uplink });
    const end = await controller.end;
    if (end !== 0) throw new Error(`the run ends with ${end}: ${JSON.stringify(controller.events.at(-1))}`);
    const snapshots = await this.snapshots();
    this.#planned.set(planOf(play), snapshots);
    const undo = await this.start(['undo', controller.run, '--yes']).end;
    if (undo !== 0) throw new Error(`its undo ends with ${undo}`);
    return snapshots;
  }

  /**
   * Waits until no host with power is armed or working, without affecting any of them, and returns the names of those
   * that still are after this many seconds.
   */
  async settled(seconds: number): Promise<string[]> {
    const end = Date.now() + seconds * 1000;
    let quiet = 0;
    while (true) {
      const busy = (
        await Promise.all(this.hosts.map(async (host) => ((await this.#isBusy(host)) ? [host] : [])))
      ).flat();
      quiet = busy.length === 0 ? quiet + 1 : 0;
      // Twice, so that a preparation in transit is not taken for the end.
      if (quiet === 2 || (busy.length > 0 && Date.now() > end)) return busy;
      await sleep(quiet === 1 ? 1000 : 300);
    }
  }

  async #isBusy(host: string): Promise<boolean> {
    if (!this.machines.hasPower(host)) return false;
    const result = await this.machines.exec(host, busy).catch(() => undefined);
    return result?.exitCode !== 1;
  }
}

/** What is left of a play when it is done. */
function planOf({ docker = false, uplink = false }: Play): string {
  return JSON.stringify({ docker, uplink });
}

// Status 0: something is armed, is decided but not reported, or is running.
const busy = `
[ "$(systemctl is-system-running 2>/dev/null)" != starting ] || exit 0
cd /var/lib/meshbook/transactions 2>/dev/null || exit 1
for home in */; do
  if [ -e "$home/armed" ]; then exit 0; fi
  if [ -h "$home/decision" ] && ! [ -e "$home/report" ]; then exit 0; fi
done
pgrep -f /var/lib/meshbook/transactions >/dev/null || exit 1`;

function inventory({ lab, ssh, datapath, underlayAddress }: Machines): string {
  // Without a fixed MAC, Open vSwitch's bridge would have another one in each run.
  const lines = lab.hosts.map(
    ({ name, ordinal, address }) =>
      `      ${name}: { address: ${address}, underlay_address: ${underlayAddress(name)}, vars: { mac: "02:00:5e:00:53:0${ordinal}" } }`,
  );
  return `groups:
  docker_hosts:
    vars: { ovs_datapath: ${datapath} }
    hosts:
${lines.join('\n')}
ssh: { user: root, identity_file: ${lab.key}, known_hosts: ${lab.knownHosts}, ${ssh} }
`;
}
