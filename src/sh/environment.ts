import { raw } from './sh.ts';

/** Variables that stay as the login, or systemd, has set them. Ours tell a program what its undo passes over. */
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
 * What every script of ours begins with: the same environment on all hosts, whoever starts the script (sshd, a timer,
 * a boot, a person). Variables change what tools print and do (POSIXLY_CORRECT, SYSTEMD_COLORS, GREP_OPTIONS), and where
 * they look (DOCKER_HOST, OVS_RUNDIR), and there is no end to them: so only what is in the list stays. Values pass
 * through no argv: the address of a proxy may hold a password. awk(1) tells the names, whatever the values hold.
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
