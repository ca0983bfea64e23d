/**
 * Shell functions for the containers that a restart of the daemon stops and starts: `running`, `paused`, `at_rest`,
 * `stop_revived AT_REST WANTED`, `start_containers WANTED PAUSED`. What can't be restored is reported by `notice`, and
 * its ids are left in `$before/lost`: a user's container fails neither a run nor its undo.
 *
 * Measured with dockerd 20.10: a container that shares another's network, PIDs or IPC, or is linked to it, starts only
 * while that one runs, and one in the network of a container that was started after it has no interface. A starting
 * daemon makes such mistakes by itself, and doesn't try again. It starts containers with the restart policy `always`
 * although someone has stopped them, and those with `on-failure` that had stopped.
 */
export const containers = `# Ids of the running containers that can be started again, in the order of their start.
running() {
  ids=$(timeout 30 docker ps --quiet --no-trunc) || return 1
  if [ -z "$ids" ]; then return 0; fi
  docker container inspect --format '{{if not (or .HostConfig.AutoRemove (index .Config.Labels "com.docker.swarm.service.id"))}}{{.State.StartedAt}} {{.Id}}{{end}}' $ids |
    sed '/^$/d; s/Z / /' | sort | sed 's/.* //'
}

paused() { timeout 30 docker ps --quiet --no-trunc --filter status=paused; }

# Ids of those that do not run and that a start of the daemon may start, since their restart policy says so. One whose
# last start has failed was stopped by nobody.
at_rest() {
  ids=$(timeout 30 docker ps --all --quiet --no-trunc --filter status=exited --filter status=created) || return 1
  if [ -z "$ids" ]; then return 0; fi
  docker container inspect --format '{{if not (or .State.Error (eq .HostConfig.RestartPolicy.Name "" "no") (index .Config.Labels "com.docker.swarm.service.id"))}}{{.Id}}{{end}}' $ids |
    sed '/^$/d'
}

# Those of AT_REST that the daemon has started, and that are not among WANTED. By then it has started all that it
# starts: it answers no sooner. What they hold, addresses and ports, others need.
stop_revived() {
  revived=$(timeout 30 docker ps --quiet --no-trunc | grep -xFf "$1" | grep -vxFf "$2" || :)
  if [ -z "$revived" ]; then return 0; fi
  said=$(docker stop -t 10 $revived 2>&1 >/dev/null </dev/null) ||
    notice "containers run that did not run before: $(printf '%s\\n' "$said" | head -n 5 | cut -c 1-500)"
}

# Round by round, as long as one starts that the others may wait for; then twice more, for what takes its time.
start_containers() {
  cp "$1" "$before/todo"
  late=2
  while :; do
    : >"$before/lost"
    : >"$before/why"
    started=
    while read -r id; do
      state=$(docker container inspect --format '{{.State.Running}} {{.Name}}' "$id" 2>/dev/null) || continue
      case $state in true*) continue ;; esac
      if said=$(docker start "$id" 2>&1 </dev/null); then started=1; continue; fi
      echo "$id" >>"$before/lost"
      said=$(printf '%s\\n' "$said" | sed '1!d; s/^Error response from daemon: //' | cut -c 1-500)
      echo "container \${state#* /} does not start again: $said" >>"$before/why"
    done <"$before/todo"
    if ! [ -s "$before/lost" ]; then break; fi
    if [ -z "$started" ]; then
      if [ "$late" -eq 0 ]; then break; fi
      late=$((late - 1))
      sleep 1
    fi
    cp "$before/lost" "$before/todo"
  done
  grep -vxFf "$before/lost" "$1" >"$before/todo" || :
  await_containers
  rejoin_networks
  while read -r id; do
    if grep -qxF "$id" "$before/todo"; then docker pause "$id" >/dev/null 2>&1 || :; fi
  done <"$2"
  head -n 20 "$before/why" | while IFS= read -r line; do notice "$line"; done
  more=$(($(wc -l <"$before/why") - 20))
  if [ "$more" -gt 0 ]; then notice "$more more containers do not run again"; fi
}

# Of those in todo: they get 10 s to fail in.
await_containers() {
  if ! [ -s "$before/todo" ]; then return 0; fi
  sleep 0.5
  tries=20
  while :; do
    docker container inspect --format '{{if not (or (eq .State.Status "running") (and (eq .State.Status "exited") (eq .State.ExitCode 0)))}}{{.Id}} {{.Name}} {{.State.Status}}, exit status {{.State.ExitCode}}{{end}}' $(cat "$before/todo") 2>/dev/null |
      sed '/^$/d; s, /, ,' >"$before/ended" || :
    if ! [ -s "$before/ended" ]; then return 0; fi
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then break; fi
    sleep 0.5
  done
  while read -r id name state; do
    echo "$id" >>"$before/lost"
    echo "container $name ran before and does not run again: $state" >>"$before/why"
  done <"$before/ended"
}

rejoin_networks() {
  while read -r id; do
    target=$(docker container inspect --format '{{.HostConfig.NetworkMode}}' "$id" 2>/dev/null | sed -n 's/^container://p')
    if [ -z "$target" ]; then continue; fi
    docker container inspect --format '{{.State.StartedAt}}' "$target" "$id" 2>/dev/null | sed 's/Z$//' >"$before/times" || continue
    sort -c "$before/times" 2>/dev/null || docker restart "$id" >/dev/null 2>&1 || :
  done <"$before/todo"
}`;
