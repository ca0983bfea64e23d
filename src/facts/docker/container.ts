import { lines, raw, sh } from '../../sh/sh.ts';
import type { FactFamily, FactQuery } from '../fact.ts';
import { either, flag, oneOf, record, text } from '../schema.ts';
import { Unreadable } from '../unreadable.ts';
import { findContainers } from './namespaces.ts';

/** A container by its name. */
export interface Container {
  readonly id: string;
  readonly running: boolean;
  /** It runs in the host's own network namespace (`--network host`). */
  readonly hostNetwork?: true;
}

/** Null: there is none of that name. `no Docker`: docker.service isn't active, so that nobody is asked. */
export type ContainerFact = Container | null | 'no Docker';

const family: FactFamily<ContainerFact> = {
  name: 'container',
  command: 'docker container inspect',
  schema: either(
    { type: 'null' },
    oneOf('no Docker'),
    record({ id: text, running: flag }, { hostNetwork: { const: true } }),
  ),
  // One line for each key: STATE ID, `none` or `no-docker`.
  query: (keys) =>
    lines(
      findContainers,
      raw(`container() {
  if ! docker_active; then echo no-docker; return 0; fi
  if found=$(timeout 10 docker container inspect --format '{{.Name}} {{.Id}} {{.State.Pid}}' "$1" 2>/dev/null); then
    case $found in "/$1 "*) ;; *) echo none; return 0 ;; esac
    set -- $found
    state=running
    if [ "$3" = 0 ]; then state=stopped
    elif [ "$(readlink "/proc/$3/ns/net")" = "$(readlink /proc/self/ns/net)" ]; then state=host; fi
    echo "$state $2"
  else
    timeout 10 docker ps --quiet >/dev/null 2>&1 && echo none
  fi
}`),
      ...[...keys].sort().map((name) => sh`container ${name} || exit`),
    ),
  parse: (output, keys) => {
    const answers = output.split('\n').filter((line) => line !== '');
    if (answers.length !== keys.length)
      throw new Unreadable(`${answers.length} containers instead of ${keys.length}`);
    return new Map([...keys].sort().map((name, i) => [name, containerOf(answers[i] ?? '')]));
  },
  canonical: (value) => (typeof value === 'string' || value === null ? value : { running: value.running }),
};

/** A container by its name. */
export function containerFact(name: string): FactQuery<ContainerFact> {
  return { family, key: name };
}

function containerOf(answer: string): ContainerFact {
  if (answer === 'none') return null;
  if (answer === 'no-docker') return 'no Docker';
  const [, state, id] = /^(running|stopped|host) ([0-9a-f]{64})$/.exec(answer) ?? [];
  if (id === undefined) throw new Unreadable(`what is no state of a container: ${answer.slice(0, 40)}`);
  return { id, running: state !== 'stopped', ...(state === 'host' ? { hostNetwork: true as const } : {}) };
}
