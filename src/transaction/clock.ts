import { raw } from '../sh/sh.ts';

/**
 * Deadlines in a run's folder `$home`, in seconds since boot (proc(5), uptime), which setting the clock doesn't
 * change. Arming writes the files `timeout` and `cap`; without them nothing is armed and nothing expires.
 */
export const clock = raw(`uptime() { read -r now _ </proc/uptime; now=\${now%%.*}; }

extend() { # extend [SECONDS]: the host undoes no earlier than that, nor later than the cap
  if ! [ -e "$home/armed" ]; then return 0; fi
  read -r wait <"$home/timeout"
  read -r cap <"$home/cap"
  if [ "\${1:-0}" -gt "$wait" ]; then wait=$1; fi
  uptime
  until=$((now + wait))
  if [ "$until" -gt "$cap" ]; then until=$cap; fi
  printf '%s\\n' "$until" >"$home/deadline"
}`);
