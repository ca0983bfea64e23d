#!/bin/sh
# parallel-ssh.sh TABLE SCRIPT SSH_ARGUMENT...: runs SCRIPT on every host of TABLE at once, one cold session each.
# A line of TABLE is: address, then the script's arguments. Without a SCRIPT ('') it is only `true`. Fails when it
# fails on any host.
table=$1 script=$2
shift 2
pids=
while read -r address arguments; do
  if [ -n "$script" ]; then
    ssh "$@" "root@$address" sh -s -- "$arguments" <"$script" &
  else
    ssh "$@" "root@$address" true </dev/null &
  fi
  pids="$pids $!"
done <"$table"
status=0
for pid in $pids; do wait "$pid" || status=1; done
exit "$status"
