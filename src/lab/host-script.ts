/**
 * The script that runs while a lab host has power: it makes the host's network cards, boots it, and boots it again
 * when it reboots. POSIX sh; the named arguments are followed by the host's cgroups, two at most.
 *
 * Network cards are made anew for each boot, so addresses, rules and tunnels are gone after a reboot, as on a real
 * machine. The overlay is mounted in a mount namespace that only the host's processes share: once they are gone,
 * however they were killed, so is the mount.
 */
export const hostScript = `set -eu
name=$1 folder=$2 rootfs=$3 namespace=$4 link=$5 eth0_mac=$6 bridge=$7 switch=$8 port=$9
shift 9
phy0_mac=$1
shift

for cgroup in "$@"; do
  mkdir -p "$cgroup/power"
  echo $$ >"$cgroup/power/cgroup.procs"
done

plug_in() {
  ip link delete "$link" 2>/dev/null || :
  ip -n "$switch" link delete "$port" 2>/dev/null || :
  ip netns delete "$namespace" 2>/dev/null || :
  ip netns add "$namespace"
  ip -n "$namespace" link set lo up
  ip link add "$link" type veth peer name eth0 address "$eth0_mac" netns "$namespace"
  ip link set "$link" master "$bridge" up
  ip -n "$switch" link add "$port" type veth peer name phy0 address "$phy0_mac" netns "$namespace"
  ip -n "$switch" link set "$port" master underlay up
  # Userspace Open vSwitch drops segments whose checksum was left for the card to fill in: ping works, TCP fails.
  nsenter --net="/run/netns/$namespace" ethtool -K phy0 tx off >/dev/null
  nsenter --net="/run/netns/$switch" ethtool -K "$port" tx off >/dev/null
}

fresh_cgroups() {
  for cgroup in "$@"; do
    [ -d "$cgroup/host" ] && find "$cgroup/host" -depth -type d -exec rmdir {} +
    mkdir "$cgroup/host"
  done
}

boot() {
  unshare --mount --propagation slave sh -euc '
    name=$1 folder=$2 rootfs=$3 namespace=$4
    shift 4
    for cgroup in "$@"; do echo $$ >"$cgroup/host/cgroup.procs"; done
    # systemd-nspawn leaves locks and folders here when it is killed.
    mkdir -p /run/systemd/nspawn
    mount -t tmpfs tmpfs /run/systemd/nspawn
    mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
    exec nsenter --net="/run/netns/$namespace" \\
      env SYSTEMD_NSPAWN_API_VFS_WRITABLE=network SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 \\
      systemd-nspawn --quiet --boot --register=no --keep-unit --machine="$namespace" --hostname="$name" \\
      --directory="$folder/root" --bind="$folder/docker:/var/lib/docker" --bind=/dev/net/tun \\
      --capability=all --system-call-filter="@keyring bpf" \\
      --resolv-conf=off --timezone=off --link-journal=no
  ' boot "$name" "$folder" "$rootfs" "$namespace" "$@"
}

# systemd-nspawn ends with 133 when the host asked for a reboot.
status=133
while [ "$status" -eq 133 ]; do
  plug_in
  fresh_cgroups "$@"
  status=0
  boot "$@" || status=$?
done
exit "$status"
`;
