import type { CheckAction } from '../model/check-types.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import { type Pair, pairsOf } from './pairs.ts';

/** One check for one pair, which the source makes. */
export interface CheckTask extends Pair {
  /** The check's index. */
  readonly check: number;
  readonly action: CheckAction;
  /** For `loop`: the interface on which the target listens. */
  readonly targetLink?: string;
  /** Time limit of an attempt in seconds. */
  readonly timeout: number;
  /** Seconds during which a failed attempt is repeated. */
  readonly retry: number;
}

/** The tasks of a check on the hosts that are `present`; the others are left out. */
export function tasksOf(
  { check, hosts }: ResolvedCheck,
  present: ReadonlySet<string>,
  peersOf: (host: string) => ReadonlySet<string>,
): CheckTask[] {
  const names = [...hosts.keys()].filter((host) => present.has(host));
  const { index, timeout, retry } = check;
  return pairsOf(check.between, names, peersOf).map((pair) => {
    const [source, target] = [hosts.get(pair.source) as CheckAction, hosts.get(pair.target) as CheckAction];
    return {
      ...pair,
      check: index,
      action: actionOf(source, target),
      ...(target.kind === 'loop' ? { targetLink: target.params.interface } : {}),
      timeout,
      retry,
    };
  });
}

/** The overlays of each present host, with its peers in them. */
type PeersByHost = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly peers: readonly { readonly host: string }[] }>
>;

/** The tasks of all checks on these hosts, check by check. */
export function tasksAmong(checks: readonly ResolvedCheck[], overlays: PeersByHost): CheckTask[] {
  const present = new Set(overlays.keys());
  const peers = new Map(
    [...overlays].map(([host, own]) => [
      host,
      new Set([...own.values()].flatMap((overlay) => overlay.peers.map((peer) => peer.host))),
    ]),
  );
  return checks.flatMap((check) => tasksOf(check, present, (host) => peers.get(host) ?? new Set()));
}

/** The interface on which each host sends and listens, from the tasks of one `loop` check. */
export function loopLinks(tasks: readonly CheckTask[]): Map<string, string> {
  const links = new Map<string, string>();
  for (const { source, target, action, targetLink } of tasks) {
    if (action.kind === 'loop') links.set(source, action.params.interface);
    if (targetLink !== undefined) links.set(target, targetLink);
  }
  return links;
}

/** The target decides what is asked; the source decides from where (its container or interface). */
function actionOf(source: CheckAction, target: CheckAction): CheckAction {
  if (target.kind === 'loop' || target.kind === 'command') return source;
  const { container: _, ...params } = target.params;
  const container = 'container' in source.params ? source.params.container : undefined;
  return {
    kind: target.kind,
    params: { ...params, ...(container === undefined ? {} : { container }) },
  } as CheckAction;
}
