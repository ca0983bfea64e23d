import type { Json } from '../../json/json.ts';
import { raw } from '../../sh/sh.ts';
import type { FactFamily, FactQuery } from '../fact.ts';
import { either, flag, list, nothing, record, text } from '../schema.ts';
import { Unreadable } from '../unreadable.ts';
import { execStart, expands, splitUnitFiles, type TextAt, variables } from './command.ts';
import { daemonSchema, type RunningDaemon, runningDaemon } from './daemon.ts';
import { pinSocket } from './socket.ts';

/** Docker as systemd starts it, and the running daemon. */
export interface Docker {
  /** Whether there is a docker.service that systemd can start; false for a masked one. */
  readonly installed: boolean;
  /** docker.service's state: `active`, `inactive`, `failed`, `activating` ... */
  readonly active: string;
  /** Whether docker.service starts at boot, or docker.socket does and starts it on demand. */
  readonly enabled: boolean;
  /** docker.service's unit file and drop-ins on disk, in the order in which they apply. */
  readonly units: readonly TextAt[];
  /** The environment files of docker.service that exist. */
  readonly environment: readonly TextAt[];
  /** `20.10.24+dfsg1`; undefined if unknown. */
  readonly version?: string;
  /** Null while docker.service isn't active: it isn't asked then, since asking would start it (law 4). */
  readonly daemon: RunningDaemon | null;
}

const textAt = record({ path: text, text });

/**
 * Docker on a host. Its canonical form leaves out ids, the default bridge's gateway (which Docker reports only after
 * its second start) and containers' addresses.
 */
const dockers: FactFamily<Docker> = {
  name: 'docker',
  command: 'systemctl and docker',
  schema: record(
    {
      installed: flag,
      active: text,
      enabled: flag,
      units: list(textAt),
      environment: list(textAt),
      daemon: either(nothing, daemonSchema),
    },
    { version: text },
  ),
  query: () => query,
  parse,
  canonical,
  withoutSecrets: (value) => ({ value: withoutVariables(value) }),
};

export const dockerFact: FactQuery<Docker> = { family: dockers, key: '' };

// One line for each section: NAME BASE64 [PATH]. The fixed socket overrides a user's context or DOCKER_HOST.
const query = raw(`section() { printf '%s %s %s\\n' "$1" "$(base64 -w0)" "\${2:-}"; }
if ! [ -d /run/systemd/system ]; then exit 0; fi
shown=$(systemctl show -p LoadState -p ActiveState -p UnitFileState -p MainPID -p EnvironmentFiles docker.service docker.socket)
printf '%s\\n' "$shown" | section show
systemctl cat docker.service 2>/dev/null | section units
printf '%s\\n' "$shown" | sed -n 's/^EnvironmentFiles=\\(.*\\) (ignore_errors=.*$/\\1/p' | while IFS= read -r file; do
  if [ -f "$file" ]; then section environment "$file" <"$file"; fi
done
if [ "$(printf '%s\\n' "$shown" | sed -n 's/^ActiveState=//p;/^$/q')" = active ]; then
  ${pinSocket}
  pid=$(printf '%s\\n' "$shown" | sed -n 's/^MainPID=//p;/^$/q')
  tr '\\0' '\\n' 2>/dev/null <"/proc/$pid/cmdline" | section argv
  ls /sys/class/net | section devices
  networks=$(timeout 10 docker network ls --quiet) || { echo 'dead - -'; exit 0; }
  timeout 10 docker network inspect $networks 2>/dev/null | section networks
  containers=$(timeout 10 docker ps --quiet --no-trunc)
  if [ -n "$containers" ]; then
    timeout 10 docker container inspect $containers 2>/dev/null | section containers
    timeout 10 docker container inspect --format '{{range .HostConfig.Mounts}}{{if eq .Type "bind"}}{{println .Source}}{{end}}{{end}}' $containers 2>/dev/null |
      sort -u | timeout -s KILL 5 sh -c 'while IFS= read -r path; do [ -z "$path" ] || [ -e "$path" ] || printf "%s\\n" "$path"; done' | section gone
  fi
  stopped=$(timeout 10 docker ps --all --quiet --no-trunc --filter status=created --filter status=exited --filter status=dead)
  if [ -n "$stopped" ]; then
    timeout 10 docker container inspect --format '{{json .Id}} {{json .Name}} {{json .NetworkSettings.Networks}}' $stopped 2>/dev/null | section stopped
  fi
  timeout 10 docker info --format '{{json .LiveRestoreEnabled}} {{.ServerVersion}}' 2>/dev/null | section live-restore
elif command -v dockerd >/dev/null; then
  timeout 10 dockerd --version 2>/dev/null | sed -n 's/^Docker version \\([^ ,]*\\).*/\\1/p' | section version
fi`);

function parse(output: string): ReadonlyMap<string, Docker> {
  const sections = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', text = '', path = ''] = /^(\S+) (\S*) (.*)$/.exec(line) ?? [];
      return { name, text: Buffer.from(text, 'base64').toString('utf8'), path };
    });
  const textOf = (name: string) => sections.find((section) => section.name === name)?.text;
  if (textOf('dead') !== undefined)
    throw new Unreadable('docker.service is active, but does not answer within 10 s');

  const [service = '', socket = ''] = (textOf('show') ?? '').split('\n\n');
  const field = (block: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
  const version = textOf('version')?.trim() || textOf('live-restore')?.trim().split(' ')[1];
  const value: Docker = {
    installed: field(service, 'LoadState') === 'loaded',
    active: field(service, 'ActiveState') || 'inactive',
    enabled:
      field(service, 'LoadState') !== 'masked' &&
      [service, socket].some((block) => field(block, 'UnitFileState').startsWith('enabled')),
    units: splitUnitFiles(textOf('units') ?? ''),
    environment: sections
      .filter(({ name }) => name === 'environment')
      .map(({ path, text: t }) => ({ path, text: t })),
    ...(version ? { version } : {}),
    daemon: field(service, 'ActiveState') === 'active' ? runningDaemon(textOf) : null,
  };
  return new Map([['', value]]);
}

function canonical({ daemon, ...rest }: Docker): Json {
  const form =
    daemon === null
      ? null
      : {
          argv: daemon.argv,
          liveRestore: daemon.liveRestore,
          networks: daemon.networks.map(({ chosenBridge, ...network }) => ({ ...network, gateway: null })),
          containers: daemon.containers,
        };
  return {
    ...rest,
    units: rest.units.map(copy),
    environment: rest.environment.map(copy),
    daemon: form,
  } as unknown as Json;
}

function copy({ path, text }: TextAt): Json {
  return { path, text };
}

/** Without variables that the daemon's command line doesn't use: tokens, proxies with passwords. */
function withoutVariables(docker: Docker): Docker {
  const command = execStart(docker.units) ?? '';
  const isNamed = (name: string) => expands(command, name);
  return {
    ...docker,
    units: docker.units.map(({ path, text }) => ({
      path,
      text: text.replace(/^[ \t]*Environment[ \t]*=(?:.*\\\n)*.*\n?/gm, (line) =>
        variables([{ path, text: `[Service]\n${line}` }], []).some(({ name }) => isNamed(name)) ? line : '',
      ),
    })),
    environment: docker.environment.map(({ path, text }) => ({
      path,
      text: text
        .split(/(?<!\\)\n/)
        .filter((line) => variables([], [{ path, text: line }]).some(({ name }) => isNamed(name)))
        .join('\n'),
    })),
  };
}
