import type { DaemonReload, DockerRestart, SettleAction } from '../../changes/settle/action.ts';
import type { Docker } from '../../facts/docker/docker.ts';
import { type DockerOptions, dockerOptions } from '../../facts/docker/options.ts';
import type { DaemonOptions } from './settings.ts';

/** The settle actions for Docker's files: the restart has no effect yet if it doesn't run and nothing starts it. */
export function settleOf(docker: Docker): readonly [DaemonReload, DockerRestart] {
  const stopped = staysStopped(docker) ? { stopped: true as const } : {};
  return [{ type: 'daemon-reload' }, { type: 'docker-restart', ...stopped }];
}

function staysStopped({ active, enabled }: Docker): boolean {
  return active !== 'active' && !enabled;
}

/** The restart, if one is needed: the differences between the running daemon and its wanted options. */
export function restart(
  docker: Docker,
  wanted: DockerOptions & DaemonOptions,
  filesChange: boolean,
): { settle?: readonly SettleAction[] } {
  const { daemon, active } = docker;
  if (staysStopped(docker)) return {};
  const now = daemon === null ? null : dockerOptions(daemon);
  const after = Object.fromEntries(
    Object.entries(wanted).filter(([option, value]) => now?.[option as keyof DockerOptions] !== value),
  ) as DockerOptions;
  if (active === 'active' && !filesChange && Object.keys(after).length === 0) return {};
  const before =
    now === null
      ? null
      : (Object.fromEntries(
          Object.entries(now).filter(([option]) => Object.hasOwn(after, option)),
        ) as DockerOptions);
  const containers = daemon?.containers ?? [];
  const lost = containers.flatMap(({ name, autoRemove, gone }) =>
    autoRemove || gone === undefined ? [] : [`${name} (${gone.join(', ')})`],
  );
  const brings = {
    before,
    after,
    restarted: containers.filter(({ autoRemove }) => !autoRemove).map(({ name }) => name),
    deleted: containers.filter(({ autoRemove }) => autoRemove).map(({ name }) => name),
    ...(lost.length === 0 ? {} : { lost }),
  };
  return { settle: [{ type: 'docker-restart', brings }] };
}
