import { bootPasses } from '../changes/scope.ts';
import { armedStage, stagesOnRequest } from '../changes/stage.ts';
import { environment } from '../sh/environment.ts';
import { lines, raw, sh } from '../sh/sh.ts';
import { bootUnits, unlessLast } from './boot-units.ts';
import { clock } from './clock.ts';
import { processes } from './process.ts';

/** What a host needs to hold the transaction of a run. */
export interface ControlOptions {
  /** Who runs it, for others who find the host locked: `user@controller`. */
  readonly holder: string;
  /** Seconds without progress after which the host undoes the run. */
  readonly confirmTimeout: number;
  /** Seconds after arming beyond which no progress extends the deadline. */
  readonly hardCap: number;
}

/** What `control` can be told to do: `sh control VERB`. */
export const controlVerbs = [
  'lock',
  'arm',
  'extend',
  'confirm',
  'undo',
  'expire',
  'boot',
  'reopen',
  'forget',
] as const;

/**
 * The program beside a run's stages that holds a host's transaction until it is confirmed or undone. Its verbs are
 * `controlVerbs`. It needs neither network nor controller.
 *
 * The decision is a symbolic link that is made once, under a lock: whoever makes it (the controller that
 * confirms, or the timer that undoes) has won, and the other one learns of it.
 */
export function controlProgram({ holder, confirmTimeout, hardCap }: ControlOptions): string {
  const settings = [sh`holder=${holder}`, sh`confirm_timeout=${confirmTimeout}`, sh`hard_cap=${hardCap}`];
  const end = raw('verb=$1\nshift\n"$verb" "$@"');
  return `${lines(raw('#!/bin/sh'), ...settings, preamble, clock, processes, bootUnits, locking, arming, deciding, end).text}\n`;
}

/** Seconds that an undo waits for another one of the same run, which holds what it needs. */
const undoPatience = 900;

const preamble = raw(`set -u
umask 077
${environment.text}
home=\${0%/*}
root=\${home%/transactions/*}
run=\${home##*/}

fail() { # fail STATUS TEXT
  printf '%s\\n' "$2" >&2
  exit "$1"
}

# One at a time on this host, for the moment that a decision takes.
exclusive() { exec 9>>"$root/mutex"; flock -w 60 9 || busy 'another meshbook is busy on this host'; }
shared() { exec 9>&-; }

# Gives up; whoever has asked for an undo follows its events.
busy() {
  if [ "$verb" = undo ] && [ -d "$home/${armedStage}" ]; then echo 'end busy' >>"$home/${armedStage}/undo.events"; fi
  fail 8 "$1"
}

decided() { decision=$(readlink "$home/decision" 2>/dev/null) || decision=; }`);

const locking = raw(`# One run at a time: the link names it.
lock() {
  exclusive
  printf '%s since %s\\n' "$holder" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$home/holder.part" && mv -f "$home/holder.part" "$home/holder"
  tries=0
  while ! ln -s "$run" "$root/lock" 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ]; then fail 7 'cannot write the lock: is the disk full?'; fi
    other=$(readlink "$root/lock") || continue
    if [ "$other" = "$run" ]; then break; fi
    if ! over "$other"; then
      fail 9 "run $other holds this host: $(cat "$root/transactions/$other/holder" 2>/dev/null)"
    fi
    rm -f "$root/lock"
  done
  shared
}

# over RUN: nothing of it is pending, so its lock is only left behind. One that was never armed (it was at its
# packages, say) is over when none of its programs runs and nothing has happened for two minutes.
over() {
  there=$root/transactions/$1
  if ! [ -d "$there" ]; then return 0; fi
  # The undo of a run that ended long ago, say.
  for started in "$there"/*/*.pid; do
    if alive "$started"; then return 1; fi
  done
  if [ -e "$there/report" ]; then return 0; fi
  if [ -e "$there/armed" ]; then return 1; fi
  [ -z "$(find "$there" -mmin -2 -print -quit)" ]
}

unlock() { if [ "$(readlink "$root/lock" 2>/dev/null)" = "$run" ]; then rm -f "$root/lock"; fi; }`);

const arming = raw(`arm() {
  uptime
  printf '%s\\n' "$confirm_timeout" >"$home/timeout"
  printf '%s\\n' "$((now + hard_cap))" >"$home/cap"
  # Room that an undo gives free first, should the disk be full by then.
  head -c 1048576 /dev/zero >"$home/reserve" || fail 7 'the disk has no room for what an undo needs'
  # The report has its room from now on, and is written over it.
  head -c 512 /dev/zero | tr '\\0' '\\n' >"$home/report.part" || fail 7 'the disk has no room for a report'
  : >"$home/armed"
  extend || fail 7 'cannot write the deadline'
  install_boot_units || fail 7 'cannot install the units that undo at boot'
  timer 1 "$confirm_timeout" || fail 7 'cannot arm the undo timer'
  sync "$home" "$home"/*
}

timer() { # timer NUMBER SECONDS
  if [ -d /run/systemd/system ]; then
    systemd-run --quiet --collect --unit "meshbook-undo-$run-$1" --on-active "$2" \\
      --timer-property AccuracySec=1s /bin/sh "$home/control" expire "$1"
  else
    setsid sh -c 'sleep "$1"; exec sh "$2" expire "$3"' sh "$2" "$home/control" "$1" </dev/null >/dev/null 2>&1 9>&- &
  fi
}

# Called by the timer. Where there was progress since it was armed, a successor takes over. An undo that was ended
# before its end has no report, and is gone through again.
expire() {
  decided
  if [ "$decision" = confirmed ] || [ -e "$home/report" ]; then return 0; fi
  uptime
  until=
  read -r until 2>/dev/null <"$home/deadline"
  case $until in '' | *[!0-9]*) until=$now ;; esac
  if [ "$now" -lt "$until" ]; then
    timer "$(($1 + 1))" "$((until - now))" && return 0
    sleep "$((until - now))"
    expire "$(($1 + 1))"
    return
  fi
  undo timer once
}

disarm() {
  remove_boot_units
  if [ -d /run/systemd/system ]; then systemctl stop --no-block "meshbook-undo-$run-*.timer" 2>/dev/null; fi
  rm -f "$home/armed" "$home/deadline" "$home/cap" "$home/timeout" "$home/reserve"
}`);

const deciding = raw(`# Reads the run's token, so that nobody else's confirm is taken for this run's.
confirm() {
  read -r token
  exclusive
  decided
  if [ -z "$decision" ]; then
    read -r wanted <"$home/token"
    if [ "$token" != "$wanted" ]; then fail 5 'this is not the token of this run'; fi
    rm -f "$home/reserve"
    ln -s confirmed "$home/decision" || fail 7 'cannot write the decision'
    sync "$home"
    finish confirmed
    decision=confirmed
  fi
  echo "$decision"
}

# undo asked|timer [once]: what was confirmed is undone only if somebody asks for it; once, only if nobody has done it.
undo() {
  exclusive
  decided
  if [ "$decision" = confirmed ] && [ "$1" != asked ]; then return 0; fi
  rm -f "$home/reserve"
  ln -sfn undone "$home/decision"
  shared
  one_undo
  if [ "$decision" = undone ] && [ "\${2:-}" = once ] && [ -e "$home/report" ]; then return 0; fi
  reason=$1 outcome=ok
  if [ -f "$home/${armedStage}/program" ]; then
    sh "$home/${armedStage}/program" undo 8>&-
    outcome=$(tail -n 1 "$home/${armedStage}/undo.events")
  fi
  # How many changes whoever asked wants left alone.
  finish "undone by=$reason \${outcome#end }\${MESHBOOK_LEFT:+ left=$MESHBOOK_LEFT}"
}

one_undo() { exec 8>>"$home/undo.mutex"; flock -w ${undoPatience} 8 || busy 'another undo of this run does not end'; }

# boot ${bootPasses.map(({ scope }) => scope).join('|')}: what lives only in the kernel is gone with the boot.
boot() {
  decided
  # What a power cut has kept from the disk of a confirm: its decision has been there first.
  if [ "$decision" = confirmed ]; then finish confirmed; return 0; fi
  if [ -e "$home/report" ]; then disarm; unlock; return 0; fi
  one_undo
  rm -f "$home/reserve"
  ln -sfn undone "$home/decision"
  MESHBOOK_SCOPES=$1 sh "$home/${armedStage}/program" undo 8>&-
  outcome=$(tail -n 1 "$home/${armedStage}/undo.events")
  # The last of them looks after all.
  printf '%s\\n' "\${outcome#end }" >>"$home/boot.outcomes"
${unlessLast}
  if grep -qv '^ok$' "$home/boot.outcomes"; then outcome=failed; else outcome=ok; fi
  finish "undone by=boot $outcome"
}

trim() { # trim FILE: its first line stays. Where that fails, empty lines follow, which no reader minds.
  read -r line <"$1"
  truncate -s "$((\${#line} + 1))" "$1" 2>/dev/null || :
}

finish() { # finish REPORT
  printf '%s at=%s\\n' "$1" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" 1<>"$home/report.part" && trim "$home/report.part" && mv -f "$home/report.part" "$home/report"
  disarm
  unlock
  # Of runs that are over and done with, the ten that ended last stay: their events tell what went wrong.
  ls -1t "$root"/transactions/*/report | while IFS= read -r old; do
    if spent "\${old%/report}"; then printf '%s\\n' "\${old%/report}"; fi
  done | tail -n +11 | while IFS= read -r old; do
    if [ "$old" != "$home" ]; then discard "$old"; fi
  done
}

# discard FOLDER: at once no run any more, however this ends; what such an end leaves behind goes with the next one.
discard() {
  mv -f -- "$1" "$root/transactions/.gone-\${1##*/}"
  rm -rf -- "$root"/transactions/.gone-*
}

# spent FOLDER: nothing of the run can be taken back any more. What is in force is kept for as long as it is, since
# its undo is nowhere else; so is an undo that failed or has left something alone, and packages that stayed.
spent() {
  read -r said <"$1/report"
  case $said in
  *' left='*) return 1 ;;
  'undone by='*' ok at='*) ;;
  'confirmed at='*) if [ -s "$1/${armedStage}/journal" ]; then return 1; fi ;;
  *) return 1 ;;
  esac
${stagesOnRequest
  .map(
    (stage) =>
      `  ! [ -s "$1/${stage}/journal" ] || [ "$(tail -n 1 "$1/${stage}/undo.events" 2>/dev/null)" = 'end ok' ]`,
  )
  .join(' || return 1\n')}
}

# Brings a host that has undone the run by itself back to where the run can be applied again.
reopen() {
  decided
  if [ -z "$decision" ] && [ -e "$home/armed" ]; then return 0; fi
  if [ "$decision" != undone ]; then fail 6 'the host has not undone this run'; fi
  lock
  # What an undo noted for itself is not this one's.
  rm -f "$home/decision" "$home/report" "$home/${armedStage}/stop" "$home/boot.outcomes" "$home"/${armedStage}/before/*/undo-containers
  : >"$home/${armedStage}/journal"
  arm
}

# Nothing was begun: as if it had never been here.
forget() {
  if [ -s "$home/${armedStage}/journal" ]; then fail 6 'something was begun already'; fi
  disarm
  unlock
  discard "$home"
}`);
