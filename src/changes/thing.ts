/** Something on a host that a change makes, sets, moves or needs, under its name there. */
export type Thing =
  /** A network interface, a bridge or a port included; `in`: the container whose namespace it is in, not the host's. */
  | { readonly is: 'link'; readonly name: string; readonly in?: string }
  /** The addresses of a link; with `address` only this one, in the kernel's notation: `10.11.12.1/24`. */
  | { readonly is: 'addresses'; readonly of: string; readonly address?: string; readonly in?: string }
  /** A link's settings, except its addresses. */
  | { readonly is: 'settings'; readonly of: string; readonly in?: string }
  /** How a link comes up at the next boot. */
  | { readonly is: 'boot'; readonly of: string }
  /** A row of Open vSwitch, which survives its link. */
  | { readonly is: 'ovs-bridge'; readonly name: string }
  /** Whatever is at a path: a file, a link or a directory. */
  | { readonly is: 'file'; readonly path: string }
  /** Whether a systemd unit runs, or is started at boot; with its suffix. */
  | { readonly is: 'unit' | 'unit-at-boot'; readonly name: string }
  | { readonly is: 'kernel-parameter'; readonly name: string }
  | { readonly is: 'docker-network'; readonly name: string }
  /** The Docker daemon with its options. */
  | { readonly is: 'docker' }
  /** The network namespace of a running container, by the container's name. */
  | { readonly is: 'container-namespace'; readonly container: string };

export const thing = {
  link: (name: string, container?: string): Thing => ({ is: 'link', name, ...within(container) }),
  addresses: (of: string, container?: string): Thing => ({ is: 'addresses', of, ...within(container) }),
  address: (of: string, address: string, container?: string): Thing => ({
    is: 'addresses',
    of,
    address,
    ...within(container),
  }),
  settings: (of: string, container?: string): Thing => ({ is: 'settings', of, ...within(container) }),
  boot: (of: string): Thing => ({ is: 'boot', of }),
  ovsBridge: (name: string): Thing => ({ is: 'ovs-bridge', name }),
  file: (path: string): Thing => ({ is: 'file', path }),
  unit: (name: string): Thing => ({ is: 'unit', name }),
  unitAtBoot: (name: string): Thing => ({ is: 'unit-at-boot', name }),
  kernelParameter: (name: string): Thing => ({ is: 'kernel-parameter', name }),
  dockerNetwork: (name: string): Thing => ({ is: 'docker-network', name }),
  docker: { is: 'docker' } as Thing,
  containerNamespace: (container: string): Thing => ({ is: 'container-namespace', container }),
};

function within(container: string | undefined): { readonly in?: string } {
  return container === undefined ? {} : { in: container };
}

export function isSameThing(a: Thing, b: Thing): boolean {
  return thingWords(a) === thingWords(b);
}

/** A short unique description of a thing. Not escaped. */
export function thingWords(one: Thing): string {
  const where = 'in' in one && one.in !== undefined ? ` in container ${one.in}` : '';
  switch (one.is) {
    case 'link':
      return `link ${one.name}${where}`;
    case 'addresses':
      return `${one.address === undefined ? 'addresses' : `address ${one.address}`} of ${one.of}${where}`;
    case 'settings':
      return `settings of ${one.of}${where}`;
    case 'boot':
      return `${one.of} at boot`;
    case 'ovs-bridge':
      return `OVS bridge ${one.name}`;
    case 'file':
      return `file ${one.path}`;
    case 'unit':
      return `unit ${one.name}`;
    case 'unit-at-boot':
      return `unit ${one.name} at boot`;
    case 'kernel-parameter':
      return `kernel parameter ${one.name}`;
    case 'docker-network':
      return `Docker network ${one.name}`;
    case 'docker':
      return 'Docker';
    case 'container-namespace':
      return `network namespace of container ${one.container}`;
  }
}
