import { raw } from '../sh/sh.ts';

/** Seconds after which a boot goes on without an undo that doesn't end; a oneshot unit has no limit of its own. */
const bootSeconds = 900;

/**
 * Two systemd units that undo a pending run at the next boot (systemd.unit(5)): files before networks, kernel
 * parameters and services are set up from them, OVSDB's rows once ovsdb-server is up and before ovs-vswitchd acts on
 * them. Nothing is ordered by a target that nobody wants (systemd.special(7), network-pre.target). They stand on the disk only
 * while the run is pending, and nothing needs to be reloaded for them: only a boot reads them.
 */
export const bootUnits = raw(`units=/etc/systemd/system
disk_unit=meshbook-undo-$run-disk.service
ovsdb_unit=meshbook-undo-$run-ovsdb.service

wants_ovsdb() { grep -q '^scope_[0-9]*=ovsdb$' "$home/main/program"; }

install_boot_units() {
  if ! [ -d "$units" ]; then return 0; fi
  mkdir -p "$units/sysinit.target.wants" "$units/multi-user.target.wants" || return
  cat >"$units/$disk_unit" <<END || return
[Unit]
Description=meshbook: undo the files of pending run $run
DefaultDependencies=no
RequiresMountsFor=$home
After=local-fs.target
Wants=network-pre.target
Before=sysinit.target systemd-sysctl.service network-pre.target networking.service

[Service]
Type=oneshot
ExecStart=/bin/sh $home/control boot disk
TimeoutStartSec=${bootSeconds}
END
  ln -sf "../$disk_unit" "$units/sysinit.target.wants/$disk_unit" || return
  if wants_ovsdb; then install_ovsdb_unit || return; fi
  sync -f "$units"
}

install_ovsdb_unit() {
  cat >"$units/$ovsdb_unit" <<END || return
[Unit]
Description=meshbook: undo the Open vSwitch rows of pending run $run
After=ovsdb-server.service $disk_unit
Before=ovs-vswitchd.service

[Service]
Type=oneshot
ExecStart=/bin/sh $home/control boot ovsdb
TimeoutStartSec=${bootSeconds}
END
  ln -sf "../$ovsdb_unit" "$units/multi-user.target.wants/$ovsdb_unit"
}

remove_boot_units() {
  rm -f "$units/$disk_unit" "$units/$ovsdb_unit" \\
    "$units/sysinit.target.wants/$disk_unit" "$units/multi-user.target.wants/$ovsdb_unit"
}`);
