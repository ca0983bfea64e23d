/**
 * The program that makes a bootable file system of the lab's root file system: with a kernel, and without its
 * substitutes. POSIX sh; its arguments are the folder to build in, the Debian mirror and the lab's root file system.
 * Its text is part of the recipe's identity.
 */
export const treeScript = `set -eu
root=$1 mirror=$2 rootfs=$3
log=$root.log

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }

echo 'A copy of the root file system, with a kernel'
cp -a --one-file-system "$rootfs" "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$root/etc/apt/sources.list" "$root/sources.list"
echo "deb $mirror bookworm main" >"$root/etc/apt/sources.list"
inside sh -ec 'printf "#!/bin/sh\\nexit 101\\n" >/usr/sbin/policy-rc.d
  chmod 0755 /usr/sbin/policy-rc.d
  apt-get -q update
  apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \\
    install linux-image-cloud-amd64 initramfs-tools zstd
  apt-get -q clean
  rm -rf /usr/sbin/policy-rc.d /var/lib/apt/lists' >>"$log" 2>&1
mv "$root/sources.list" "$root/etc/apt/sources.list"
: >"$root/etc/resolv.conf"
inside apt-get -q update >>"$log" 2>&1
# Tunnels end at eth0, and the kernel's own datapath carries them.
rm "$root"/etc/systemd/system/*.wants/lab-underlay.service "$root"/etc/systemd/system/*.wants/lab-sysfs.service
ln -s "$(cd "$root/boot" && echo vmlinuz-*)" "$root/boot/vmlinuz"
ln -s "$(cd "$root/boot" && echo initrd.img-*)" "$root/boot/initrd.img"
`;
