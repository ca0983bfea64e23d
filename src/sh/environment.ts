import { raw } from './sh.ts';

/**
 * Variables that keep the value that the login or systemd has set. Variables of ours tell a program what
 * its undo skips.
 */
const kept = [
  'HOME',
  'LOGNAME',
  'USER',
  'SHELL',
  'PWD',
  'SSH_CONNECTION',
  ...['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
    name,
    name.toUpperCase(),
  ]),
  'MESHBOOK_*',
];

/**
 * The start of each of our scripts: the same environment on all hosts, whoever starts it (sshd, a timer, a
 * boot, a person). Variables change what tools print and do (POSIXLY_CORRECT, SYSTEMD_COLORS, GREP_OPTIONS)
 * and where they look (DOCKER_HOST, OVS_RUNDIR), and there are too many to list: so all except
 * those in `kept` are unset. No value is in an argument list, as a proxy's URL may hold a password. awk(1) lists the names,
 * whatever the values contain.
 */
export const environment = raw(`unset IFS
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
for name in $(awk 'BEGIN { for (name in ENVIRON) if (name ~ /^[A-Za-z_][A-Za-z0-9_]*$/) print name }'); do
  case $name in
  PATH | ${kept.join(' | ')}) ;;
  *) command unset "$name" 2>/dev/null ;;
  esac
done
unset name
LC_ALL=C HOME=\${HOME:-/root}
export PATH LC_ALL HOME`);
