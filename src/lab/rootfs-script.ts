/** Installed on every lab host; `bridge-utils` is not, so that a playbook has something to install. */
const packages = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'libpam-systemd',
  'openssh-server',
  'sudo',
  'ifupdown',
  'iproute2',
  'iptables',
  'ethtool',
  'iputils-ping',
  'procps',
  'tcpdump',
  'docker.io',
  'openvswitch-switch',
  'ca-certificates',
  'curl',
  'busybox-static',
];

/** Packages that `apt-get install` finds on a host without a network, with their dependencies. */
const localPackages = ['bridge-utils', 'network-manager', 'netplan.io'];

/**
 * The program that builds the root file system of all lab hosts, as POSIX sh for root. Its arguments are the folder to
 * build in (which must not exist) and the Debian mirror; it prints one line per stage. Its text identifies the recipe:
 * a changed text builds a new root file system.
 */
export const rootfsScript = `set -eu
root=$1 mirror=$2
log=$root.log

stage() { echo "$*"; echo "== $*" >>"$log"; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

stage 'Debian 12 with systemd, sshd, Docker and Open vSwitch'
# mmdebstrap keeps services from starting while it installs (policy-rc.d), and takes that away again.
mmdebstrap --quiet --mode=root --variant=minbase \\
  --include=${packages.join(',')} \\
  --dpkgopt='force-unsafe-io' --dpkgopt='path-exclude=/usr/share/doc/*' \\
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \\
  --aptopt='Acquire::Languages "none"' --skip=cleanup/apt/lists \\
  bookworm "$root" "$mirror" >>"$log" 2>&1

stage 'A package repository that needs no network'
mkdir -p "$root/srv/apt"
inside apt-get -q -y --no-install-recommends --download-only -o Dir::Cache::archives=/srv/apt \\
  install ${localPackages.join(' ')} >>"$log" 2>&1
rm -rf "$root/srv/apt/partial" "$root/srv/apt/lock"
inside sh -ec 'cd /srv/apt
  for deb in *.deb; do
    dpkg-deb -f "$deb"
    echo "Filename: ./$deb"
    echo "Size: $(stat -c %s "$deb")"
    echo "SHA256: $(sha256sum "$deb" | cut -d" " -f1)"
    echo
  done >Packages
  # Without a Release file, apt tries every compression there is, and reports each one as an error.
  printf "Suite: lab\\nDate: %s\\nSHA256:\\n %s %s Packages\\n" "$(date -Ru)" \\
    "$(sha256sum Packages | cut -d" " -f1)" "$(stat -c %s Packages)" >Release
  rm -rf /etc/apt/sources.list.d /var/lib/apt/lists
  echo "deb [trusted=yes] file:/srv/apt ./" >/etc/apt/sources.list
  apt-get -q update
  apt-get -q clean' >>"$log" 2>&1

stage 'A container image, and users'
# An HTTP server, wget and ping from one static binary: there is no registry to pull from.
inside sh -ec 'mkdir -p /srv/images /tmp/image/bin /tmp/image/etc /tmp/image/tmp /tmp/image/www
  cd /tmp/image
  cp /bin/busybox bin/busybox
  for applet in $(bin/busybox --list); do [ -e "bin/$applet" ] || ln -s busybox "bin/$applet"; done
  echo "<h1>meshbook lab</h1>" >www/index.html
  echo "root:x:0:0:root:/:/bin/sh" >etc/passwd
  tar -cf /srv/images/web.tar .
  rm -rf /tmp/image'
inside sh -ec 'useradd -m -u 1000 -s /bin/bash -G sudo op
  useradd -m -u 1001 -s /bin/bash nopw
  echo "op:lab-op" | chpasswd
  echo "nopw ALL=(ALL:ALL) NOPASSWD: ALL" >/etc/sudoers.d/nopw
  chmod 0440 /etc/sudoers.d/nopw'

stage 'What belongs to one host only goes; the underlay stays over a reboot'
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
rm -f "$root/etc/openvswitch/conf.db" "$root/etc/openvswitch/system-id.conf"
: >"$root/etc/machine-id"
: >"$root/etc/resolv.conf"
cat >"$root/etc/network/interfaces" <<'END'
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback
END
# Userspace Open vSwitch sends tunnel packets only through another userspace bridge, so the underlay's
# address sits on one. A restarted ovs-vswitchd makes the bridge's device anew, without an address. The kernel hears
# phy0 as well: it would answer for that address, too, with phy0's MAC address, and tunnels to that one arrive nowhere.
cat >"$root/etc/systemd/system/lab-underlay.service" <<'END'
[Unit]
Description=Underlay address on br-phy
Requires=ovs-vswitchd.service
After=ovs-vswitchd.service
PartOf=ovs-vswitchd.service openvswitch-switch.service
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=/etc/lab-underlay
ExecStart=/usr/bin/ovs-vsctl --timeout=10 --may-exist add-br br-phy -- set bridge br-phy datapath_type=netdev other_config:hwaddr=\${MAC} -- --may-exist add-port br-phy phy0
ExecStart=/usr/sbin/sysctl -q -w net.ipv4.conf.phy0.arp_ignore=1
ExecStart=/usr/sbin/ip link set phy0 up
ExecStart=/usr/sbin/ip address replace \${ADDRESS} dev br-phy
ExecStart=/usr/sbin/ip link set br-phy up

[Install]
WantedBy=multi-user.target
END
# A host can't write most of /sys, which is this machine's; its own interfaces' settings it can.
cat >"$root/etc/systemd/system/lab-sysfs.service" <<'END'
[Unit]
Description=Writable settings of network interfaces
DefaultDependencies=no
Before=sysinit.target network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/mount --bind /sys/devices/virtual/net /sys/devices/virtual/net
ExecStart=/usr/bin/mount -o remount,rw /sys/devices/virtual/net

[Install]
WantedBy=sysinit.target
END
inside systemctl -q enable lab-sysfs.service lab-underlay.service docker.socket docker.service ssh.service openvswitch-switch.service
# Nothing may hold apt's lock behind a playbook's back.
inside systemctl -q mask apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service \\
  e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer \\
  getty@.service console-getty.service systemd-networkd-wait-online.service
`;
