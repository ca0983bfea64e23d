import type { Scope } from '../changes/scope.ts';
import { environment } from '../sh/environment.ts';
import { lines, raw, type Sh } from '../sh/sh.ts';
import { clock } from './clock.ts';
import { processes } from './process.ts';

/** What the part that all programs share has to know of its program. */
export interface Uses {
  /** The scopes of an undo by default. */
  readonly scopes: readonly Scope[];
  /** Whether a change takes values of other hosts. */
  readonly takesValues: boolean;
}

/** What the runtime does about values of other hosts, by where it does it. */
interface ValueParts {
  readonly cleanUp: string;
  readonly functions: string;
  readonly before: string;
  readonly after: string;
}

const withoutValues: ValueParts = {
  cleanUp: `trap 'rm -f "$out"' EXIT`,
  functions: '',
  before: '',
  after: '',
};

// Only `stop` limits the wait: the controller makes it if there will be no value, and so does an undo at the deadline,
// which only a living controller extends.
const withValues: ValueParts = {
  cleanUp: `# Values of other hosts, which the controller brings while an apply waits for them.
values=/run/meshbook/\${home##*/}
trap 'rm -f "$out"; rm -rf "$values"' EXIT`,
  functions: `
# await_values ID: reports that it waits, unless all are there; fails when the program shall stop.
await_values() {
  eval "taken=\\\${takes_$1:-}"
  waits=
  for value in $taken; do
    until [ -e "$values/$value" ]; do
      if [ -e "$stage/stop" ]; then return 1; fi
      if [ -z "$waits" ]; then waits=yes; event wait "$1"; fi
      sleep 0.2
    done
  done
}
`,
  before: `
    if ! await_values "$id"; then event end stopped; return; fi`,
  after: `
    rm -rf "$values"`,
};

/**
 * The part that all host programs share. It writes a journal entry before each change, reports by events, stops at the
 * first failure, and undoes backwards over all entries.
 *
 * `attempt` must be called as a plain command: after `if`, `&&` or `||`, POSIX sh would ignore `set -e` inside.
 */
export function runtime({ scopes, takesValues }: Uses): Sh {
  const values = takesValues ? withValues : withoutValues;
  return lines(start(values), clock, processes, reporting, applying(values), flushing, undoing(scopes));
}

function start({ cleanUp }: ValueParts): Sh {
  return raw(`set -u
umask 077
${environment.text}
stage=\${0%/*}
home=\${stage%/*}
# What commands print goes to memory: a full disk must not keep an undo from running them.
out=$(mktemp /run/meshbook.XXXXXX) || exit
${cleanUp}`);
}

const reporting = raw(`
event() { printf '%s\\n' "$*" >>"$stage/$verb.events"; }

attempt() { # attempt FUNCTION ID: sets status
  before=$stage/before/$2
  rm -f "$before/not-run" "$before/timed-out"
  ( umask 022; set -e; "$1_$2" ) </dev/null >"$out" 2>&1
  status=$?
}

failed() { # failed ID: the end of what was printed, and what else is known of the reason
  size=$(wc -c <"$out")
  why=
  if [ "$size" -gt 3000 ]; then why="cut=$size"; fi
  if [ -s "$before/timed-out" ]; then why="$why timeout=$(cat "$before/timed-out")"; fi
  full=$(full | base64 | tr -d '\\n')
  event failed "$1" "$status" "$(tail -c 3000 "$out" | base64 | tr -d '\\n')" $why \${full:+"full=$full"}
}

# File systems without room, a line each: of those that configuration is on, and that of a file that was to be changed.
# A shell calls that an I/O error, if anything. Free blocks and their size, free inodes, all inodes: stat(1).
full() {
  set -- / /etc /run /tmp /var /var/lib
  if [ -f "$before/real" ]; then
    folder=$(cat "$before/real")
    until [ -d "\${folder:=/}" ]; do folder=\${folder%/*}; done
    set -- "$@" "$folder"
  fi
  for folder do
    stat -f -c '%f %S %d %c' -- "$folder" 2>/dev/null |
      awk '$1 * $2 < 65536 || ($4 > 0 && $3 == 0) { exit 1 }' || stat -c %m -- "$folder"
  done | sort -u
}

# notice TEXT: what somebody must know, and what neither fails nor takes back anything. For fragments.
notice() { event notice "\${before##*/}" "$(printf %s "$1" | head -c 1000 | base64 | tr -d '\\n')"; }

prepare() {
  for id in $saves; do
    attempt save "$id"
    if [ "$status" -ne 0 ]; then failed "$id"; event end failed; return; fi
  done
  event end ok
}`);

function applying({ functions, before, after }: ValueParts): Sh {
  return raw(`${functions}
apply() {
  for id in $order; do
    if [ -e "$stage/stop" ]; then event end stopped; return; fi${before}
    # Without the intent on record nothing is begun: an undo would not know of it, not even after a power cut.
    if ! printf '%s\\n' "$id" >>"$stage/journal" || ! sync "$stage/journal"; then
      echo 'cannot write down that this begins' >"$out"
      before=$stage/before/$id status=1
      failed "$id"
      event end failed
      return
    fi
    eval "limit=\\\${limit_$id:-0}"
    extend "$limit"
    event begin "$id"
    attempt apply "$id"${after}
    if [ "$status" -ne 0 ]; then failed "$id"; event end failed; return; fi
    if [ -e "$before/not-run" ]; then event not-run "$id"; else event ok "$id"; fi
  done
  # A confirm promises that the changes stay, also over a power cut.
  extend "$flush_limit"
  if ! flush; then event end failed; return; fi
  # From here on the usual patience counts.
  extend 0
  event end ok
}
`);
}

const flushing =
  raw(`# Nobody else does that in time: a renamed file is on the disk after some seconds, OVSDB's log after half a minute.
# Whole file systems at once, those that configuration is on and those of the files that were changed.
flush_limit=300
flush() {
  set -- / /etc /var /var/lib
  for file in "$stage"/before/*/real; do
    if ! [ -f "$file" ]; then continue; fi
    folder=$(cat "$file")
    until [ -d "\${folder:=/}" ]; do folder=\${folder%/*}; done
    set -- "$@" "$folder"
  done
  timeout "$flush_limit" sync -f "$@"
}

# An apply that still runs stops after its current change. One that doesn't, although nobody extends the deadline
# any more, is ended with all that it started. Where not even that ends it (a disk doesn't answer, say), nothing more
# of it will run than what the kernel is at; the undo goes on without waiting, and fails at that change.
await_apply() {
  stuck=
  : >"$stage/stop"
  ended "\${MESHBOOK_PATIENCE:-300}" && return
  end_session "$pid" TERM
  ended 1 && return
  end_session "$pid" KILL
  ended 10 || stuck=$(tail -n 1 "$stage/journal")
}

ended() { # ended SECONDS: waits for the end of the apply, so long at most
  uptime
  until=$((now + $1))
  while alive "$stage/apply.pid"; do
    uptime
    if [ "$now" -ge "$until" ]; then return 1; fi
    sleep 0.1
  done
}
`);

function undoing(scopes: readonly Scope[]): Sh {
  return raw(`undo() {
  await_apply
  begun=" $(tr '\\n' ' ' <"$stage/journal") "
  outcome=\${stuck:+failed}
  for id in $undo_order; do
    case $begun in *" $id "*) ;; *) continue ;; esac
    # What someone has changed since the run, say, is left alone by those who ask for that.
    case " \${MESHBOOK_SKIP:-} " in *" $id "*) continue ;; esac
    # Nothing was done for want of anything to do.
    if [ -e "$stage/before/$id/not-run" ]; then continue; fi
    eval "scope=\\$scope_$id"
    case " \${MESHBOOK_SCOPES:-${scopes.join(' ')}} " in *" $scope "*) ;; *) continue ;; esac
    event begin "$id"
    attempt undo "$id"
    if [ "$id" = "$stuck" ]; then
      echo "process $pid, which applies this, did not end when it was killed: what it is at may still come" >>"$out"
      if [ "$status" -eq 0 ]; then status=1; fi
    fi
    if [ "$status" -eq 0 ]; then event ok "$id"; else failed "$id"; outcome=failed; fi
  done
  # What holds this transaction, at the next boot too, is removed after that.
  flush || outcome=failed
  event end "\${outcome:-ok}"
}`);
}
