import type { ResolvedHost } from '../model/resolved.ts';

interface OfHost {
  readonly resolved: ResolvedHost;
}

/**
 * Does something for each host. An error caused by one host's facts fails that host, and the others go on: `failed`
 * has the errors by host.
 */
export function hostByHost<H extends OfHost, R>(
  hosts: readonly H[],
  work: (host: H) => R,
): { done: R[]; failed: ReadonlyMap<string, unknown> } {
  const failed = new Map<string, unknown>();
  const done = hosts.flatMap((host): R[] => {
    try {
      return [work(host)];
    } catch (error) {
      failed.set(host.resolved.host.name, error);
      return [];
    }
  });
  return { done, failed };
}

/**
 * Does something for all hosts at once. If it fails, the hosts that cause it are found by bisection and left out, each
 * with its error; the result is for the others.
 */
export function together<H extends OfHost, R>(
  hosts: readonly H[],
  work: (hosts: readonly H[]) => R,
): { result: R; failed: ReadonlyMap<string, unknown> } {
  const failed = new Map<string, unknown>();
  const add = (usable: readonly H[], more: readonly H[]): readonly H[] => {
    try {
      work([...usable, ...more]);
      return [...usable, ...more];
    } catch (error) {
      const [only] = more;
      if (more.length <= 1) {
        if (only !== undefined) failed.set(only.resolved.host.name, error);
        return usable;
      }
      const half = Math.ceil(more.length / 2);
      return add(add(usable, more.slice(0, half)), more.slice(half));
    }
  };
  try {
    return { result: work(hosts), failed };
  } catch {
    return { result: work(add([], hosts)), failed };
  }
}
