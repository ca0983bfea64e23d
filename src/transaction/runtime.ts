import { raw } from '../sh/sh.ts';

/**
 * The part of every host program that is the same in all of them. It journals the intent before each change,
 * reports by events, stops at the first failure, and undoes backwards over every intent.
 *
 * `attempt` must be called as a plain command: behind `if`, `&&` or `||` POSIX sh would ignore `set -e` inside.
 */
export const runtime = raw(`set -u
umask 077
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
stage=\${0%/*}

event() { printf '%s\\n' "$*" >>"$stage/$verb.events"; }

attempt() { # attempt FUNCTION ID: sets status
  before=$stage/before/$2
  ( umask 022; set -e; "$1_$2" ) </dev/null >"$stage/out" 2>&1
  status=$?
}

failed() { # failed ID
  event failed "$1" "$status" "$(tail -c 3000 "$stage/out" | base64 | tr -d '\\n')"
}

prepare() {
  for id in $saves; do
    attempt save "$id"
    if [ "$status" -ne 0 ]; then failed "$id"; event end failed; return; fi
  done
  event end ok
}

apply() {
  for id in $order; do
    if [ -e "$stage/stop" ]; then event end stopped; return; fi
    printf '%s\\n' "$id" >>"$stage/journal"
    event begin "$id"
    attempt apply "$id"
    if [ "$status" -ne 0 ]; then failed "$id"; event end failed; return; fi
    event ok "$id"
  done
  event end ok
}

# An apply that still runs stops after its current change; undo waits for that.
await_apply() {
  : >"$stage/stop"
  pid=$(cat "$stage/apply.pid" 2>/dev/null) || return 0
  while kill -0 "$pid" 2>/dev/null && grep -qF "$stage/program" "/proc/$pid/cmdline" 2>/dev/null; do sleep 0.1; done
}

undo() {
  await_apply
  begun=" $(tr '\\n' ' ' <"$stage/journal") "
  outcome=ok
  for id in $undo_order; do
    case $begun in *" $id "*) ;; *) continue ;; esac
    event begin "$id"
    attempt undo "$id"
    if [ "$status" -eq 0 ]; then event ok "$id"; else failed "$id"; outcome=failed; fi
  done
  event end "$outcome"
}`);
