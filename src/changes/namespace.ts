import { pinSocket } from '../facts/docker/socket.ts';
import type { Schema } from '../facts/schema.ts';
import { indent, lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type Thing, thing } from './thing.ts';

/** The name of a container (Docker's own rule); nothing of it can be taken for an option or a pattern. */
export const containerName: Schema = { type: 'string', pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$' };

/** `eth1 in web`: a thing in a container's namespace, or in the host's own. */
export function inWords(name: string, container: string | undefined): string {
  return container === undefined ? name : `${name} in ${container}`;
}

/** What a change depends on that is made in a container's namespace: a restart of the container ends that. */
export function namespaceOf(container: string | undefined): Thing[] {
  return container === undefined ? [] : [thing.containerNamespace(container)];
}

/** The name of a part of a host's state, which may be in a container's namespace. */
export function partIn(container: string | undefined, part: string): string {
  return container === undefined ? part : `container ${container} ${part}`;
}

/** The pinned socket keeps a user's context out. */
const ownDocker = raw(pinSocket);

/** Docker would also take the beginning of an id for a name. */
function keepId(container: string): Sh {
  const format = '{{.Name}} {{.Id}}';
  const own = `$1 == "/${container}" { print $2 }`;
  return sh`docker container inspect --format ${format} ${container} 2>/dev/null | awk ${own} >"$before/container"`;
}

const findPid = sh`pid=$(docker container inspect --format ${'{{.State.Pid}}'} "$(cat "$before/container")" 2>/dev/null) || pid=0`;

/**
 * Keeps the container's id: an undo must not take another container of that name for the same one. Docker isn't asked
 * where it isn't active, since that would start it. `more` is what else is to be kept, from the container's namespace.
 */
export function saveIn(container: string, more?: Sh): Sh {
  return lines(
    ownDocker,
    raw('if systemctl -q is-active docker.service; then'),
    raw(indent(keepId(container))),
    raw('fi'),
    more && ifRuns(inNamespace(more)),
  );
}

/**
 * An apply with `$pid` in it, the container's first process, which fails where the container doesn't run. The id of one
 * that an earlier change of the run has made is known only now.
 */
export function withContainer(container: string, fragment: Sh): Sh {
  return lines(
    ownDocker,
    sh`[ -s "$before/container" ] || ${keepId(container)}`,
    findPid,
    sh`if [ "$pid" = 0 ]; then echo ${`container ${container} is gone, or does not run`} >&2; exit 1; fi`,
    fragment,
  );
}

/** An undo with `$pid` in it; nothing where the container is gone or stopped, and its namespace with all that was in it. */
export function ifContainerRuns(fragment: Sh): Sh {
  return lines(ownDocker, ifRuns(fragment));
}

function ifRuns(fragment: Sh): Sh {
  return lines(
    raw('pid=0'),
    raw('if [ -s "$before/container" ] && systemctl -q is-active docker.service; then'),
    raw(indent(findPid)),
    raw('fi'),
    raw('if [ "$pid" != 0 ]; then'),
    raw(indent(fragment)),
    raw('fi'),
  );
}

/** Runs a fragment in the network namespace of the process `$pid`. Files are those of the host; /proc/sys/net is its own. */
export function inNamespace(fragment: Sh): Sh {
  const own = raw(fragment.text.includes('$before') ? 'before=$before ' : '');
  return sh`${own}nsenter -t "$pid" -n sh -ec ${fragment.text}`;
}

/** An apply in a container's namespace, or in the host's own. */
export function applyIn(container: string | undefined, fragment: Sh): Sh {
  return container === undefined ? fragment : withContainer(container, inNamespace(fragment));
}

/** An undo there. */
export function undoIn(container: string | undefined, fragment: Sh): Sh {
  return container === undefined ? fragment : ifContainerRuns(inNamespace(fragment));
}
