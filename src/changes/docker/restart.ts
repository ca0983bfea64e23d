import { pinSocket } from '../../facts/docker/socket.ts';
import { lines, raw, type Sh } from '../../sh/sh.ts';
import { containers } from './containers.ts';
import { networkMemory } from './network-memory.ts';
import { mendRules } from './rules.ts';

// What all Docker restarts of one program share is beside their own folders: undo runs only the first of them, and
// must know what a later one left half done. The fixed socket overrides DOCKER_HOST.
const common = raw(`${pinSocket}
shared=\${before%/*}/docker-restart

active() { systemctl is-active --quiet docker.service; }

starts_at_boot() {
  if [ "$(systemctl is-enabled docker.service 2>/dev/null)" = masked ]; then return 1; fi
  systemctl is-enabled --quiet docker.service 2>/dev/null || systemctl is-enabled --quiet docker.socket 2>/dev/null
}

# BRIDGE SUBNET of the default network, or nothing.
default_network() {
  timeout 30 docker network inspect --format '{{index .Options "com.docker.network.bridge.name"}} {{range .IPAM.Config}}{{.Subnet}} {{end}}' bridge 2>/dev/null |
    sed 's/^\\([^ ]* [^ ]*\\).*/\\1/'
}

# The bridge that a start of the daemon waits for, where it does.
awaited_bridge() {
  bridge=$(systemctl show --property ExecStartPre --value docker.service | sed -n 's/.*echo \\([^ ]*\\) has no IPv4 address after.*/\\1/p')
}

has_ipv4() { ip -4 -o address show dev "$1" 2>/dev/null | grep -q inet; }`);

const lasting = raw(`# Since boot: a clock that is set meanwhile neither cuts a wait short nor makes it long.
seconds() { cut -d . -f 1 /proc/uptime; }

# With live-restore, a changed network is heeded only while no container runs.
stop_containers() {
  if [ "$(timeout 30 docker info --format '{{.LiveRestoreEnabled}}' 2>/dev/null)" = true ]; then
    ids=$(docker ps --quiet --no-trunc)
    # One that is paused hears no signal.
    stopped=$(paused)
    if [ -n "$stopped" ]; then docker unpause $stopped >/dev/null; fi
    if [ -n "$ids" ]; then docker stop $ids >/dev/null; fi
  fi
}

# docker.socket goes with it: each alone is half a Docker.
restart_daemon() {
  units=docker.service
  if systemctl is-active --quiet docker.socket || systemctl is-enabled --quiet docker.socket 2>/dev/null; then
    units='docker.socket docker.service'
  fi
  systemctl reset-failed docker.service docker.socket 2>/dev/null || :
  since=$(date +%s)
  if timeout 300 systemctl restart $units; then
    until=$(($(seconds) + 60))
    while :; do
      if timeout 5 docker version >/dev/null 2>&1; then return 0; fi
      if [ "$(seconds)" -ge "$until" ]; then break; fi
      sleep 0.2
    done
    echo 'Docker has started, but does not answer within 60 s. Its last output:'
  else
    echo 'Docker does not start. Its last output:'
  fi
  journalctl --unit docker.service --since "@$since" --output cat --no-pager 2>/dev/null |
    grep -v 'level=\\(info\\|debug\\)' | tail -n 12 | cut -c 1-500
  return 1
}

main_pid() { systemctl show --property MainPID --value docker.service; }

# A bridge that a start would wait for in vain is waited for before anything is stopped, and as long. One that isn't
# there by now won't come.
bridge_is_there() {
  awaited_bridge
  if [ -z "$bridge" ]; then return 0; fi
  until=$(($(seconds) + 30))
  until has_ipv4 "$bridge"; do
    if ! [ -e "/sys/class/net/$bridge" ] || [ "$(seconds)" -ge "$until" ]; then
      echo "Docker would not start again, and was left running: $bridge, its bridge, has no IPv4 address"
      return 1
    fi
    sleep 0.2
  done
}

# Whether dockerd takes its configuration file; asked before anything is stopped. 20.10 has no --validate, but where
# it isn't root, as in a user namespace, it reads the file and stops there.
would_start() {
  bridge_is_there || return 1
  config=/etc/docker/daemon.json
  if ! [ -e "$config" ] || ! command -v dockerd >/dev/null; then return 0; fi
  said=$(timeout 30 dockerd --validate --config-file "$config" 2>&1) && return 0
  case $said in
  *'unknown flag: --validate'*)
    said=$(timeout 30 unshare --user dockerd --config-file "$config" 2>&1) || :
    case $said in *'unable to configure the Docker daemon'*) ;; *) return 0 ;; esac
    ;;
  '') return 0 ;;
  esac
  echo "Docker would not start again, and was left running: $said" | cut -c 1-1000
  return 1
}`);

const save = lines(
  common,
  raw(containers),
  raw(`mkdir -p "$shared"
if ! [ -e "$shared/service" ]; then
  : >"$shared/networks"
  : >"$shared/containers"
  : >"$shared/rest"
  if active; then
    running >"$shared/containers"
    at_rest >"$shared/rest"
  fi
  for family in '' 6; do
    if command -v "ip\${family}tables-save" >/dev/null; then "ip\${family}tables-save" >"$shared/rules$family"; fi
  done
  ls /sys/class/net >"$shared/devices"
  ip -4 -o address show dev docker0 2>/dev/null | awk '{ print $4 }' >"$shared/docker0"
  systemctl is-active docker.socket >"$shared/socket" || :
  systemctl is-active docker.service >"$shared/service" || :
  awaited_bridge
  if active && [ -n "$bridge" ] && ! has_ipv4 "$bridge"; then : >"$shared/bridgeless"; fi
fi`),
);

const apply: Sh = lines(
  common,
  raw(containers),
  lasting,
  raw(networkMemory),
  raw(mendRules),
  raw(`want=$before/containers
: >"$shared/paused"
if active; then
  if ! would_start; then
    main_pid >"$shared/refused"
    exit 1
  fi
  : >"$shared/begun"
  running >"$want"
  cat "$shared/lost" >>"$want" 2>/dev/null || :
  paused >"$shared/paused"
  at_rest >"$shared/rest"
  default_network >>"$shared/networks"
  cp "$want" "$shared/pending"
  stop_containers
elif starts_at_boot; then
  : >"$shared/begun"
  cp "$shared/containers" "$want"
  cp "$want" "$shared/pending"
else
  echo 'Docker is stopped and does not start at boot: left so'
  exit 0
fi
if [ -e "$once" ]; then forget_once; fi
restart_with_memory
stop_revived "$shared/rest" "$want"
start_containers "$want" "$shared/paused"
# The undo tries these once more.
cp "$before/lost" "$shared/lost"
now=$(default_network)
printf '%s\\n' "$now" >>"$shared/networks"
mend_rules /dev/null "\${now% *}" "\${now#* }"
rm -f "$shared/pending"`),
);

const undo: Sh = lines(
  common,
  raw(containers),
  lasting,
  raw(networkMemory),
  raw(mendRules),
  raw(`# A restart that was not begun has changed nothing.
if [ -e "$shared/refused" ] && ! [ -e "$shared/begun" ] && [ "$(cat "$shared/refused")" = "$(main_pid)" ]; then exit 0; fi

# Those that run now, and those that a restart has stopped and not brought back; noted once, for an undo that is cut
# short.
want=$before/undo-containers
paused=$before/undo-paused
rest=$before/undo-rest
if ! [ -e "$want" ]; then
  { if [ -e "$shared/pending" ]; then cat "$shared/paused"; fi; if active; then paused; fi; } >"$paused"
  { cat "$shared/lost" "$shared/pending" 2>/dev/null || :; if active; then running; elif ! [ -e "$shared/pending" ]; then cat "$shared/containers"; fi; } >"$want.all" ||
    cat "$shared/containers" >>"$want.all"
  if active && ! [ -e "$shared/pending" ]; then
    at_rest >"$rest" || cp "$shared/rest" "$rest"
  else
    # Of a restart that is half done, some may run only since the daemon was started.
    cat "$shared/lost" "$shared/pending" >"$rest.wanted" 2>/dev/null || :
    grep -vxFf "$rest.wanted" "$shared/rest" >"$rest" || :
    grep -vxFf "$rest" "$want.all" >"$rest.wanted" || :
    mv "$rest.wanted" "$want.all"
  fi
  awk '!seen[$0]++' "$want.all" >"$want.part"
  mv "$want.part" "$want"
fi

# dockerd gives docker0 the address that it had in its last run, unless an option says another. So where the
# original one came from no option, one start with such an option brings it back.
restore_docker0() { # of a daemon that uses the bridge $1 now
  if ! grep -qx docker0 "$shared/devices" || ! [ -e /sys/class/net/docker0 ]; then return 0; fi
  ip -4 -o address show dev docker0 | awk '{ print $4 }' >"$before/docker0"
  if cmp -s "$shared/docker0" "$before/docker0"; then return 0; fi
  if [ "$1" = docker0 ] && [ -s "$shared/docker0" ]; then
    mkdir -p "\${once%/*}"
    {
      printf '[Service]\\nExecStart=\\nExecStart='
      tr '\\0' '\\n' <"/proc/$(systemctl show --property MainPID --value docker.service)/cmdline" |
        sed 's/[\\\\"]/\\\\&/g; s/[$%]/&&/g; s/.*/"&"/' | tr '\\n' ' '
      printf -- '--bip=%s\\n' "$(head -n 1 "$shared/docker0")"
    } >"$once"
    systemctl daemon-reload
    restart_daemon
    forget_once
    restart_daemon
  else
    while read -r address; do
      grep -qxF -e "$address" "$shared/docker0" || ip address delete "$address" dev docker0
    done <"$before/docker0"
    while read -r address; do
      grep -qxF -e "$address" "$before/docker0" || ip address add "$address" broadcast + dev docker0
    done <"$shared/docker0"
  fi
}

remove_docker0() { # of a daemon that now uses the bridge $1
  if [ "$1" = docker0 ] || grep -qx docker0 "$shared/devices" || ! [ -e /sys/class/net/docker0 ]; then return 0; fi
  if [ -z "$(ls /sys/class/net/docker0/brif)" ]; then ip link delete docker0; fi
}

if [ -e "$once" ]; then forget_once; fi
leave=
if [ "$(cat "$shared/service")" != active ] && ! [ -s "$want" ]; then leave=stopped; fi

now=
if active || { [ -z "$leave" ] && starts_at_boot; }; then
  restarts=1
  if active; then
    # One that would not start, and that is to be stopped anyway, is only stopped.
    if ! would_start >"$before/refusal"; then
      # A daemon that ran without its bridge before the run, too, is left as it is.
      if [ -e "$shared/bridgeless" ]; then notice "$(cat "$before/refusal")"
      elif [ -z "$leave" ]; then cat "$before/refusal"; exit 1; fi
      restarts=
    fi
    default_network >>"$shared/networks"
    if [ -n "$restarts" ]; then stop_containers; fi
  fi
  if [ -n "$restarts" ]; then
    restart_with_memory
    now=$(default_network)
    restore_docker0 "\${now% *}"
    now=$(default_network)
    stop_revived "$rest" "$want"
    start_containers "$want" "$paused"
    cp "$before/lost" "$shared/lost"
  fi
fi
remove_docker0 "\${now% *}"
mend_rules "$shared/rules" "\${now% *}" "\${now#* }"
if [ -n "$leave" ]; then
  systemctl stop docker.socket docker.service 2>/dev/null || systemctl stop docker.service
  if [ "$(cat "$shared/socket")" = active ]; then systemctl start docker.socket; fi
  remove_docker0 none
fi
rm -f "$want" "$want.all" "$paused" "$rest" "$shared/pending"`),
);

/**
 * Restarts the Docker daemon so that it reads its options again, waits until it answers, and starts the containers
 * that ran; paused ones are paused again. Containers that someone had stopped and that the daemon starts by itself are
 * stopped again. A daemon that is stopped and doesn't start at boot stays stopped. Fails with the daemon's own message
 * if it doesn't start; one that would refuse its configuration isn't stopped. A container that doesn't start again is
 * a notice; so is, in an undo, a daemon that isn't restarted because its bridge is gone again, as before the run.
 *
 * An undo starts the containers that run when it begins, not those that someone has stopped since, and deletes the
 * packet filter rules that dockerd leaves behind. A daemon that didn't run before is stopped again, unless containers
 * run by now.
 *
 * Containers run with `--rm` don't survive a restart of the daemon; a swarm's are left to the swarm.
 */
export const dockerRestart = { save, apply, undo };
