import { raw } from '../sh/sh.ts';

/**
 * The identity of a process. Numbers are reused, and any user of the host can fork until he has a certain one, with
 * any command line. But no two processes of one boot share both number and start (proc(5), `stat`: ticks since boot).
 * The identity is in files that only root can write, as a line of number, start and boot.
 */
export const processes =
  raw(`identify() { # identify PID: sets identity and session; fails for one that has ended
  identity=
  # The name of the program, in brackets, may hold anything.
  set -- "$1" $(sed -n '$ s/.*) //p' "/proc/$1/stat" 2>/dev/null)
  case \${2:-Z} in Z | X) return 1 ;; esac
  session=$5
  read -r boot </proc/sys/kernel/random/boot_id
  identity="$1 \${21} $boot"
}

alive() { # alive FILE: whether the process that FILE names still runs; sets pid
  named=
  read -r named 2>/dev/null <"$1" || :
  pid=\${named%% *}
  [ -n "$pid" ] && identify "$pid" && [ "$identity" = "$named" ]
}

end_session() { # end_session PID SIGNAL: the process, and all that runs in the session that it leads
  for entry in $(grep -ls " $1 " /proc/[0-9]*/stat); do
    entry=\${entry#/proc/}
    if identify "\${entry%/stat}" && [ "$session" = "$1" ]; then kill "-$2" "\${entry%/stat}" 2>/dev/null || :; fi
  done
  kill "-$2" "$1" 2>/dev/null || :
}`);
