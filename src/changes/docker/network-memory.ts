/**
 * Shell functions for a restart of Docker with another bridge than in its last run, or with another address.
 *
 * At its start, dockerd restores what it remembers of its default network before it reads its options: it gives the
 * network's bridge the address of its last run in place of the present first one; for a bridge that is gone, it can't
 * remove what belongs to it: its packet filter rules, and that record (measured with 20.10). One start on another
 * bridge makes it forget; one without any (`--bridge=none`) would delete docker0.
 *
 * `restart_with_memory` needs `restart_daemon`, `$shared` and `$before`. `$once` is a drop-in for one start;
 * `forget_once` removes what a killed program left of it.
 */
export const networkMemory = `once=/run/systemd/system/docker.service.d/zzzz-meshbook-once.conf
forget_once() {
  rm -f "$once"
  rmdir "\${once%/*}" 2>/dev/null || :
  systemctl daemon-reload
}

# Whether the daemon's options name the bridge $1 for its next start.
will_use() {
  { systemctl show --property ExecStart --value docker.service; cat /etc/docker/daemon.json 2>/dev/null; } |
    tr -s ' \\t\\n=:",;{}' '\\n' | grep -qxF -e "$1"
}

# BRIDGE of the default network, where that is there without the address that dockerd remembers, its length included,
# or nothing. docker0 is dockerd's own.
readdressed() {
  known=$(timeout 30 docker network inspect --format '{{index .Options "com.docker.network.bridge.name"}} {{with index .IPAM.Config 0}}{{.Gateway}} {{.Subnet}}{{end}}' bridge 2>/dev/null) || return 0
  set -- $known
  if [ $# -lt 3 ] || [ "$1" = docker0 ] || ! [ -e "/sys/class/net/$1" ]; then return 0; fi
  addresses=$(ip -4 -o address show dev "$1" | awk '{ print $4 }')
  # One that is left without any address gets none back; one that is to be used without any is dockerd's to give one.
  if [ -z "$addresses" ] && will_use "$1"; then return 0; fi
  if ! printf '%s\\n' "$addresses" | grep -qxF -e "$2/\${3#*/}"; then echo "$1"; fi
}

# One start on a bridge of that start's own; then the bridge $1 gets its addresses back.
start_elsewhere() {
  bridge=$1
  ip link add name mb-once type bridge 2>/dev/null || :
  ip -4 -o address show dev "$bridge" >"$before/addresses"
  mkdir -p "\${once%/*}"
  {
    printf '[Service]\\nExecStartPre=\\nExecStart=\\nExecStart='
    tr '\\0' '\\n' <"/proc/$(systemctl show --property MainPID --value docker.service)/cmdline" |
      awk 'skip { skip = 0; next }
        /^(--bridge|-b|--bip|--fixed-cidr|--default-gateway)$/ { skip = 1; next }
        /^(--bridge|-b|--bip|--fixed-cidr|--default-gateway)=/ { next }
        { print }' |
      sed 's/[\\\\"]/\\\\&/g; s/[$%]/&&/g; s/.*/"&"/' | tr '\\n' ' '
    echo '"--bridge=mb-once"'
  } >"$once"
  systemctl daemon-reload
  # What can't start so is left to the start that follows.
  restart_daemon || :
  default_network >>"$shared/networks"
  forget_once
  ip -4 -o address show dev "$bridge" >"$before/addresses.now"
  if cmp -s "$before/addresses" "$before/addresses.now"; then return 0; fi
  # In their order, since the first of a network is the primary one.
  ip -4 address flush dev "$bridge"
  while read -r line; do
    set -- \${line%%\\\\*}
    address=$4
    broadcast=
    if [ "$5" = brd ]; then broadcast="broadcast $6"; fi
    for label; do :; done
    ip address add "$address" $broadcast label "$label" dev "$bridge"
  done <"$before/addresses"
}

# A bridge that is gone, and that dockerd shall not use any more, is there by name while it starts, so that it can
# clear away what belongs to it. It makes docker0 itself.
stand_in() {
  device=$(tail -n 1 "$shared/networks" | sed 's/ .*//')
  if [ "$device" = docker0 ] || [ -z "$device" ] || [ -e "/sys/class/net/$device" ]; then return 0; fi
  if ! systemctl show --property ExecStart --value docker.service | grep -qwF -e "$device"; then
    echo "$device" >"$before/stand-in"
    ip link add name "$device" type bridge
  fi
}

remove_stand_in() {
  if [ -e "$before/stand-in" ]; then
    ip link delete "$(cat "$before/stand-in")" 2>/dev/null || :
    rm "$before/stand-in"
  fi
}

restart_with_memory() {
  moved=
  if active; then moved=$(readdressed); fi
  if [ -n "$moved" ]; then start_elsewhere "$moved"; fi
  stand_in
  failed_start=
  restart_daemon || failed_start=1
  remove_stand_in
  ip link delete mb-once 2>/dev/null || :
  [ -z "$failed_start" ]
}`;
