import { lines, raw, type Sh, sh } from '../../sh/sh.ts';
import { pinSocket } from './socket.ts';

/**
 * Shell functions that find running containers by name, and start nothing (law 4): a Docker that isn't active is not
 * asked, since its socket would start it. `docker_active`; `container_pid NAME` prints the number of its first process,
 * 0 where none of that name runs, and fails where Docker doesn't answer. Docker would also take the beginning of an id
 * for a name.
 */
export const findContainers = raw(`${pinSocket}
docker_active() { [ -d /run/systemd/system ] && [ "$(systemctl show -p ActiveState docker.service)" = ActiveState=active ]; }
container_pid() {
  if ! docker_active; then echo 0; return 0; fi
  if found=$(timeout 10 docker container inspect --format '{{.Name}} {{.State.Pid}}' "$1" 2>/dev/null); then
    case $found in "/$1 "*) echo "\${found##* }" ;; *) echo 0 ;; esac
    return 0
  fi
  timeout 10 docker ps --quiet >/dev/null 2>&1 && echo 0
}`);

/**
 * What a command prints in the host's network namespace, and then in that of each container among the keys; the key ''
 * is the host's own. For `inNamespaces`.
 */
export function eachNamespace(command: Sh, keys: readonly string[]): Sh {
  const containers = containersOf(keys);
  if (containers.length === 0) return command;
  return lines(
    sh`{`,
    command,
    sh`} || exit`,
    findContainers,
    raw(`in_container() {
  if ! pid=$(container_pid "$1"); then printf '\\ncontainer unknown\\n'
  elif [ "$pid" = 0 ]; then printf '\\ncontainer none\\n'
  elif printed=$(nsenter -t "$pid" -n sh -ec "$2"); then printf '\\ncontainer runs\\n%s' "$printed"
  else printf '\\ncontainer unknown\\n'; fi
}`),
    ...containers.map((name) => sh`in_container ${name} ${command.text}`),
  );
}

/**
 * The answers: the host's own, and those of the containers that could be asked, by name; undefined where none of that
 * name runs.
 */
export function inNamespaces(
  output: string,
  keys: readonly string[],
): { host: string; containers: ReadonlyMap<string, string | undefined> } {
  const [host = '', ...answers] = output.split(/^container (?=(?:runs|none|unknown)$)/m);
  const containers = new Map<string, string | undefined>();
  for (const [i, name] of containersOf(keys).entries()) {
    const answer = answers[i];
    if (answer?.startsWith('runs\n')) containers.set(name, answer.slice('runs\n'.length));
    else if (answer?.startsWith('none')) containers.set(name, undefined);
  }
  return { host, containers };
}

function containersOf(keys: readonly string[]): string[] {
  return keys.filter((key) => key !== '').sort();
}
