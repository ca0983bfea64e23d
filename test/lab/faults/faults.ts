import { linkDown, linkUp } from '../../../src/lab/lab.ts';
import type { Controller } from './controller.ts';
import type { Fleet } from './fleet.ts';

/** What is broken, where. */
export interface Scene {
  readonly fleet: Fleet;
  readonly controller: Controller;
  /** The host concerned, if it is one. */
  readonly host: string;
}

/** A fault from outside a run. */
export interface Fault {
  readonly name: string;
  /** Before the run. */
  readonly before?: (scene: Pick<Scene, 'fleet' | 'host'>) => Promise<void>;
  readonly inject: (scene: Scene) => Promise<void>;
  /** After everything. */
  readonly after?: (scene: Pick<Scene, 'fleet' | 'host'>) => Promise<void>;
  /** Once no host is working any more: repairs what would otherwise stay broken. */
  readonly mend?: (scene: Pick<Scene, 'fleet' | 'host'>) => Promise<void>;
  /** Whether the run goes on without its controller. */
  readonly kills?: true;
  /** What makes an armed host undo if the fault prevents the controller from doing it. */
  readonly undoneBy?: 'timer' | 'boot';
  /** Which hosts reboot; Docker then gives docker0 another random MAC address. */
  readonly reboots?: 'host' | 'all';
}

export const controllerKilled: Fault = {
  name: 'controller killed with -9',
  undoneBy: 'timer',
  kills: true,
  inject: async ({ controller }) => controller.signal('SIGKILL'),
};

export const networkCut: Fault = {
  name: "controller's network cut",
  undoneBy: 'timer',
  inject: ({ fleet, host }) => linkDown(fleet.machines.lab, host),
  mend: ({ fleet, host }) => linkUp(fleet.machines.lab, host),
};

export const allCut: Fault = {
  name: "controller's network cut, all hosts",
  undoneBy: 'timer',
  inject: async ({ fleet }) => {
    for (const name of fleet.hosts) await linkDown(fleet.machines.lab, name);
  },
  mend: async ({ fleet }) => {
    for (const name of fleet.hosts) await linkUp(fleet.machines.lab, name);
  },
};

export const sshdKilled: Fault = {
  name: "host's sshd killed",
  undoneBy: 'timer',
  inject: async ({ fleet, host }) => {
    await fleet.on(host, 'systemctl stop ssh; kill -9 $(pidof sshd) 2>/dev/null || :');
  },
  mend: async ({ fleet, host }) => {
    await fleet.on(host, 'systemctl start ssh');
  },
};

export const rebooted: Fault = {
  name: 'host rebooted by systemctl',
  undoneBy: 'boot',
  reboots: 'host',
  inject: async ({ fleet, host }) => {
    await fleet.on(host, 'systemctl --no-block reboot');
  },
};

/** The power is back only after the others have finished without the host. */
export const poweredOff: Fault = {
  name: 'host powered off',
  undoneBy: 'boot',
  reboots: 'host',
  inject: ({ fleet, host }) => fleet.machines.stop(host),
  mend: ({ fleet, host }) => fleet.machines.start(host),
};

export const powerCycled: Fault = {
  name: 'host loses its power for a moment',
  undoneBy: 'boot',
  reboots: 'host',
  inject: async ({ fleet, host }) => {
    await fleet.machines.stop(host);
    await fleet.machines.start(host);
  },
};

/** All data of a run is on a small file system of its own. */
export const diskFull: Fault = {
  name: 'disk full on /var',
  before: async ({ fleet, host }) => {
    await fleet.on(
      host,
      'mkdir -p /var/lib/meshbook && mount -t tmpfs -o size=4m,mode=0700 tmpfs /var/lib/meshbook',
    );
  },
  after: async ({ fleet, host }) => {
    await fleet.on(host, 'umount -l /var/lib/meshbook');
  },
  inject: async ({ fleet, host }) => {
    await fleet.on(
      host,
      'cat /dev/zero >/var/lib/meshbook/filler 2>/dev/null || :; ! echo x 2>/dev/null >>/var/lib/meshbook/more || ! [ -s /var/lib/meshbook/more ]',
    );
  },
};

export const interrupted: Fault = {
  name: 'Ctrl-C',
  inject: async ({ controller }) => controller.signal('SIGINT'),
};

export const interruptedTwice: Fault = {
  name: 'Ctrl-C twice',
  kills: true,
  inject: async ({ controller }) => {
    controller.signal('SIGINT');
    // A process that has not yet seen the first counts two as one.
    await new Promise((resolve) => setTimeout(resolve, 200));
    controller.signal('SIGINT');
  },
};
/** A daemon that runs and does not answer: every command to it must give up by itself. */
export function frozen(daemon: 'ovsdb-server' | 'ovs-vswitchd'): Fault {
  return {
    name: `${daemon} does not answer`,
    inject: async ({ fleet, host }) => {
      await fleet.on(host, `kill -STOP $(pidof ${daemon})`);
    },
    mend: async ({ fleet, host }) => {
      await fleet.on(host, `kill -CONT $(pidof ${daemon})`);
    },
  };
}

/** The run itself causes the fault. */
export function ownTrouble(name: string, mend?: Fault['mend']): Fault {
  return { name, inject: async () => {}, ...(mend === undefined ? {} : { mend }) };
}

/** The second one changes nothing, and is told which run was first. */
export const secondController: Fault = {
  name: 'two controllers at once',
  inject: async ({ fleet, controller }) => {
    const second = fleet.apply({});
    const end = await second.end;
    const told = second.events.flatMap((event) => (event.type === 'trouble' ? [event.trouble.message] : []));
    const holder = new RegExp(
      `run ${controller.run} holds this host \\(\\S+@\\S+ since \\d{4}-\\d\\d-\\d\\dT`,
    );
    if (end !== 4 || told.length === 0 || !told.every((message) => holder.test(message))) {
      throw new Error(`the second controller ended with ${end}: ${told.join('; ')}`);
    }
  },
};

/** A run that died ten minutes ago while it installed packages. */
export const staleLock: Fault = {
  name: 'lock left behind by a dead controller',
  before: async ({ fleet, host }) => {
    await fleet.on(
      host,
      `cd /var/lib/meshbook && mkdir -p transactions/20200101-000000-abcdef/packages &&
cd transactions/20200101-000000-abcdef && echo somebody@elsewhere >holder && echo 4194303 >packages/apply.pid &&
find . -exec touch -d '-10 minutes' {} + && ln -s 20200101-000000-abcdef ../../lock`,
    );
  },
  inject: async () => {},
};

/** The time of day is an hour wrong for all of a host's programs from now on; nobody confirms. */
export function clockOff(by: '+1 hour' | '-1 hour'): Fault {
  return {
    name: `clock jumps by ${by}, controller killed`,
    kills: true,
    inject: async ({ fleet, controller }) => {
      const date = `#!/bin/sh\nexec /bin/date -d "${by}" "$@"\n`;
      for (const name of fleet.hosts) {
        await fleet.on(
          name,
          `cat >/usr/local/sbin/date <<'END'\n${date}END\nchmod 0755 /usr/local/sbin/date`,
        );
      }
      controller.signal('SIGKILL');
    },
    mend: async ({ fleet }) => {
      for (const name of fleet.hosts) await fleet.on(name, 'rm /usr/local/sbin/date');
    },
  };
}
