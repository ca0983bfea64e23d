import { bridgeName, networkMark } from '../../facts/docker/daemon.ts';
import { pinSocket } from '../../facts/docker/socket.ts';
import { lines, raw, type Sh, sh } from '../../sh/sh.ts';
import type { NetworkSettings } from './change.ts';

// Fragments of shell around the network `$name`, each with the functions that it needs. A Docker that doesn't run is not
// asked: its socket would start it.
const start = raw(`${pinSocket}
runs() { systemctl is-active --quiet docker.service; }`);

const lookUp =
  raw(`# The id of the network, or nothing. An inspect would take the beginning of an id for a name.
network_id() {
  timeout 60 docker network ls --no-trunc --format '{{.ID}} {{.Name}}' >"$before/networks" || return 1
  awk -v name="$name" '$2 == name { print $1; exit }' "$before/networks"
}

# Whether a run of meshbook made it.
is_ours() { [ -n "$(docker network inspect --format '{{index .Labels "${networkMark}"}}' "$1")" ]; }`);

// Up to 24 Docker adds the beginning of the id to a container's aliases.
const listMembers =
  raw(`# Its containers, one a line, in the order of their addresses: ID FLAG ..., with the flags that connect it as it is.
members() {
  tries=3
  while :; do
    ids=$(timeout 60 docker ps --all --quiet --no-trunc --filter "network=$name") || return 1
    if [ -z "$ids" ]; then return 0; fi
    # One that goes meanwhile fails all.
    docker container inspect --format '{{$id := .Id}}{{with index .NetworkSettings.Networks "'"$name"'"}}{{or .IPAddress "255.255.255.255"}} {{$id}}{{with .IPAMConfig}}{{with .IPv4Address}} --ip={{.}}{{end}}{{end}}{{range .Aliases}} --alias={{.}}{{end}}{{range .Links}} --link={{.}}{{end}}{{end}}' $ids >"$before/inspected" && break
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then return 1; fi
  done
  sort -t . -k 1,1n -k 2,2n -k 3,3n -k 4,4n "$before/inspected" | awk 'NF {
    line = $2
    for (i = 3; i <= NF; i++) if ($i != "--alias=" substr($2, 1, 12)) line = line " " $i
    print line
  }'
}`);

const takeOff = raw(`# NAME yes|no of a container, yes where it is on the network; nothing where it is gone.
standing() {
  docker container inspect --format '{{.Name}} {{if index .NetworkSettings.Networks "'"$name"'"}}yes{{else}}no{{end}}' "$1" 2>/dev/null | sed 's,^/,,'
}

# disconnect FILE [WHY]: the containers in it, with a notice for each where it says why.
disconnect() {
  while read -r id _; do
    known=$(standing "$id")
    case $known in *' yes') ;; *) continue ;; esac
    docker network disconnect "$name" "$id" </dev/null || [ -z "$(standing "$id")" ]
    if [ -n "\${2:-}" ]; then notice "container \${known% *} is no longer on the network $name: $2"; fi
  done <"$1"
}`);

// Measured with dockerd 20.10, 26.1 and 28.5: a network can be removed while stopped containers are on it, and these then
// don't start until they are disconnected and connected. So all are disconnected first.
const putBack =
  raw(`# connect FILE: the containers in it, as they were. With $strict, one that can't be is a failure,
# otherwise a notice: it is somebody else's.
connect() {
  set -f
  while read -r id flags; do
    known=$(standing "$id")
    case $known in *' no') ;; *) continue ;; esac
    if said=$(docker network connect $flags "$name" "$id" 2>&1 </dev/null); then continue; fi
    if [ -z "$(standing "$id")" ]; then continue; fi
    said="container \${known% *} can't be connected to the network $name again: $(printf %s "$said" | head -n 1 | cut -c 1-500)"
    if [ -n "$strict" ]; then echo "$said"; return 1; fi
    notice "$said"
  done <"$1"
  set +f
}

# replace IDFILE MEMBERS: the network is made by create_it, in place of one that is there; then the containers in
# MEMBERS are connected. Goes on where it was cut short: IDFILE holds the id of what it has made.
replace() {
  id=$(network_id)
  if [ -z "$id" ] || [ "$id" != "$(cat "$1" 2>/dev/null)" ]; then
    if [ -n "$id" ]; then
      members >"$before/leaving"
      disconnect "$before/leaving"
      docker network rm "$name" >/dev/null
    fi
    create_it >"$1.part"
    mv "$1.part" "$1"
  fi
  connect "$2"
}`);

const mustRun = raw(`if ! runs; then echo 'Docker does not run'; exit 1; fi`);

/** An undo without Docker has nothing to undo; where systemd starts it on demand, it does. */
const mayRun = raw(`command -v docker >/dev/null || exit 0
if ! runs && ! systemctl is-active --quiet docker.socket; then echo "Docker does not run, and has the network $name still"; exit 1; fi`);

function creation(name: string, settings: NetworkSettings): Sh {
  const pairs = (flag: string, record: Readonly<Record<string, string>> = {}) =>
    Object.entries(record).map(([key, value]) => `--${flag}=${key}=${value}`);
  const one = (flag: string, value: string | undefined) =>
    value === undefined ? [] : [`--${flag}=${value}`];
  const words = [
    `--driver=${settings.driver}`,
    ...one('subnet', settings.subnet),
    ...one('ip-range', settings.range),
    ...one('gateway', settings.gateway),
    ...pairs('aux-address', settings.reserved),
    ...(settings.internal ? ['--internal'] : []),
    ...pairs('opt', settings.options),
    ...pairs('label', settings.labels),
  ];
  return sh`docker network create ${words} -- ${name}`;
}

/** The same as a function, for `replace`. */
function createIt(name: string, settings: NetworkSettings): Sh {
  return sh`create_it() { ${creation(name, settings)}; }`;
}

function about(name: string, ...more: readonly (Sh | undefined)[]): Sh {
  return lines(sh`name=${name}`, start, ...more);
}

/** Whether its bridge was there before the run: Docker makes one that is missing at its start. */
export function saveBridge(bridge: string | undefined): Sh {
  if (bridge === undefined) return raw('');
  return sh`if ! [ -e ${`/sys/class/net/${bridge}`} ]; then : >"$before/bridgeless"; fi`;
}

export function create(name: string, after: NetworkSettings): Sh {
  return about(name, mustRun, sh`${creation(name, after)} >/dev/null`);
}

/** Whoever came onto it since is disconnected, and told of. A network of that name that isn't ours stays. */
export function undoCreate(name: string, after: NetworkSettings | null): Sh {
  const remove = raw(`id=$(network_id)
if [ -n "$id" ] && is_ours "$id"; then
  members >"$before/leaving"
  disconnect "$before/leaving" 'the undo removes it'
  docker network rm "$name" >/dev/null
fi`);
  return about(name, lookUp, listMembers, takeOff, mayRun, remove, removeBridge(after?.options[bridgeName]));
}

/** At boot: the bridge that Docker has made for the network at its start, where the run had made the one before. */
function removeBridge(bridge: string | undefined): Sh | undefined {
  if (bridge === undefined) return undefined;
  const path = `/sys/class/net/${bridge}`;
  return sh`if [ "\${MESHBOOK_SCOPES:-}" = docker ] && [ -e "$before/bridgeless" ] && [ -d ${`${path}/bridge`} ] &&
  [ -z "$(ls ${`${path}/brif`})" ] && [ -z "$(ip -4 -o address show dev ${bridge})" ]; then
  ip link delete dev ${bridge}
fi`;
}

export function remove(name: string): Sh {
  return about(
    name,
    lookUp,
    listMembers,
    mustRun,
    raw(`id=$(network_id)
if [ -z "$id" ]; then exit 0; fi
members >"$before/leaving"
if [ -s "$before/leaving" ]; then echo 'by now there are containers on it'; exit 1; fi
docker network rm "$name" >/dev/null`),
  );
}

export function undoRemove(name: string, before: NetworkSettings): Sh {
  return about(
    name,
    lookUp,
    mayRun,
    sh`id=$(network_id)
if [ -z "$id" ]; then ${creation(name, before)} >/dev/null; fi`,
  );
}

export function renew(name: string, after: NetworkSettings): Sh {
  return about(
    name,
    lookUp,
    listMembers,
    takeOff,
    putBack,
    mustRun,
    createIt(name, after),
    raw(`strict=1
members >"$before/members.part"
mv "$before/members.part" "$before/members"
replace "$before/made" "$before/members"
: >"$before/done"`),
  );
}

/**
 * The containers that are on it by now are connected again, and those that a half-done apply has disconnected. What
 * somebody has put in its place, and a network that is gone after a complete apply, is left alone.
 */
export function undoRenew(name: string, before: NetworkSettings): Sh {
  return about(
    name,
    lookUp,
    listMembers,
    takeOff,
    putBack,
    raw('strict=\nif ! [ -e "$before/members" ] || [ -e "$before/undone" ]; then exit 0; fi'),
    mayRun,
    createIt(name, before),
    raw(`if ! [ -e "$before/back" ]; then
  id=$(network_id)
  if [ -e "$before/done" ] && [ -z "$id" ]; then exit 0; fi
  if [ -n "$id" ] && ! is_ours "$id"; then exit 0; fi
  if [ -n "$id" ]; then members >"$before/now"; else : >"$before/now"; fi
  if ! [ -e "$before/done" ]; then cat "$before/members" >>"$before/now"; fi
  awk '!seen[$1]++' "$before/now" >"$before/back.part"
  mv "$before/back.part" "$before/back"
fi
replace "$before/restored" "$before/back"
: >"$before/undone"`),
  );
}
