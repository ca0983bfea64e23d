/**
 * Seconds that a starting daemon waits for its bridge: with fewer than 30, three attempts would reach the start limit.
 */
const patience = 30;

/** The drop-in that gives Docker this command line; `bridge` is the Linux bridge that must exist first. */
export function dropIn(command: string, bridge: string | undefined): string {
  return `# Written by meshbook, which overwrites changes made here.
${bridge === undefined ? '' : ordering}[Service]
${bridge === undefined ? '' : awaiting(bridge)}ExecStart=
ExecStart=${command}
`;
}

// Units that a host doesn't have do no harm here.
const ordering = `[Unit]
After=openvswitch-switch.service openvswitch.service
After=networking.service network.service systemd-networkd.service NetworkManager.service

`;

function awaiting(bridge: string): string {
  const seen = `ip -4 -o address show dev ${bridge} 2>/dev/null | grep -q inet`;
  const late = `echo ${bridge} has no IPv4 address after ${patience} s >&2`;
  const script = `n=0; until ${seen}; do n=$$((n + 1)); [ $$n -le ${patience * 5} ] || { ${late}; exit 1; }; sleep 0.2; done`;
  return `# Docker fails without its bridge, and would give a bridge without an address one of its own choice.
ExecStartPre=/bin/sh -c '${script}'
`;
}
