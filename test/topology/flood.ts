/** A switch, as far as broadcasts are concerned: its ports, and what it does with frames. */
export interface Switch {
  readonly name: string;
  readonly rstp: boolean;
  readonly ports: readonly SwitchPort[];
}

export interface SwitchPort {
  /** The same at both ends of a link, and nowhere else. */
  readonly link: string;
  readonly isProtected: boolean;
}

/**
 * How often one broadcast arrives at each switch, including its sender; `storm` if it doesn't end. Switches work like
 * Open vSwitch: a frame leaves by every port except the one by which it arrived, and by no protected port if it
 * arrived by one. Ports blocked by RSTP pass nothing.
 */
export function flood(
  switches: readonly Switch[],
  from: string,
  closed: ReadonlySet<string> = new Set(),
): Map<string, number> | 'storm' {
  const at = new Map(switches.map((one) => [one.name, one]));
  const ends = new Map<string, [string, SwitchPort][]>();
  for (const { name, ports } of switches) {
    for (const port of ports) ends.set(port.link, [...(ends.get(port.link) ?? []), [name, port]]);
  }
  const heard = new Map<string, number>();
  const frames: [name: string, by: SwitchPort | undefined][] = [[from, undefined]];
  let sent = 0;
  for (let frame = frames.shift(); frame !== undefined; frame = frames.shift()) {
    const [name, by] = frame;
    for (const port of at.get(name)?.ports ?? []) {
      if (port === by || (port.isProtected && by?.isProtected)) continue;
      if (closed.has(`${name} ${port.link}`)) continue;
      if (++sent > 10 * switches.length ** 2) return 'storm';
      for (const [other, theirs] of ends.get(port.link) ?? []) {
        if (other === name || closed.has(`${other} ${port.link}`)) continue;
        heard.set(other, (heard.get(other) ?? 0) + 1);
        frames.push([other, theirs]);
      }
    }
  }
  return heard;
}

interface Vector {
  readonly root: number;
  readonly cost: number;
  readonly sender: number;
  /** Seconds, one per hop. */
  readonly age: number;
}

const maxAge = 20;

/** Below 0: the first one is better. */
function compare(a: Vector, b: Vector): number {
  return a.root - b.root || a.cost - b.cost || a.sender - b.sender;
}

/**
 * The ports that RSTP blocks, as `SWITCH LINK`, once all have exchanged enough BPDUs. `ids` are the bridge
 * identifiers; the lowest becomes the root. IEEE 802.1D-2004, clause 17: information about a root is kept until it is
 * too old, and a port forwards if it leads to the root or sends the better BPDU of the two ends. Switches without RSTP
 * send no BPDUs, and drop those that they receive.
 */
export function rstpCloses(switches: readonly Switch[], ids: ReadonlyMap<string, number>): Set<string> {
  const speaking = switches.filter(({ rstp }) => rstp);
  const own = (name: string): Vector => {
    const id = ids.get(name) as number;
    return { root: id, cost: 0, sender: id, age: 0 };
  };
  let told = new Map(speaking.map(({ name }) => [name, own(name)]));
  const peerOf = ({ name }: Switch, { link }: SwitchPort) =>
    speaking.find((other) => other.name !== name && other.ports.some((port) => port.link === link))?.name;
  const heardBy = (one: Switch) =>
    one.ports.flatMap((port) => {
      const peer = peerOf(one, port);
      const vector = peer === undefined ? undefined : told.get(peer);
      return vector === undefined || vector.age >= maxAge ? [] : [{ port, vector }];
    });
  const best = (one: Switch) => {
    const [first] = heardBy(one).sort((a, b) => compare(a.vector, b.vector));
    return first !== undefined && first.vector.root < own(one.name).root ? first : undefined;
  };
  for (let round = 0; round <= speaking.length + maxAge; round++) {
    told = new Map(
      speaking.map((one) => {
        const { vector } = best(one) ?? {};
        const mine = own(one.name);
        return [
          one.name,
          vector === undefined
            ? mine
            : { root: vector.root, cost: vector.cost + 1, sender: mine.sender, age: vector.age + 1 },
        ];
      }),
    );
  }
  return new Set(
    speaking.flatMap((one) => {
      const toRoot = best(one)?.port;
      return heardBy(one)
        .filter(({ port, vector }) => port !== toRoot && compare(vector, told.get(one.name) as Vector) < 0)
        .map(({ port }) => `${one.name} ${port.link}`);
    }),
  );
}
