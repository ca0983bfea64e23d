import type { CheckKind, HttpParams, PingParams, TcpParams } from '../model/check-types.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { userScript } from '../sh/user-script.ts';
import type { CheckTask } from './tasks.ts';

/** The exit status of `need` and the like: the check can't be made here. */
export const cannotTell = 201;

/** The functions that the commands below call. */
export const helpers = raw(`need() { # need TOOL...: the first that there is, in tool
  for tool; do
    if command -v "$tool" >/dev/null; then return 0; fi
  done
  echo "not installed: $*"
  return ${cannotTell}
}

inside() { # inside CONTAINER COMMAND...: in the container's network, with the host's programs
  container=$1
  shift
  pid=$(docker inspect -f '{{.State.Pid}}' "$container" 2>&1) || { echo "$pid"; return 1; }
  if [ "$pid" = 0 ]; then echo "container $container is not running"; return 1; fi
  nsenter -t "$pid" -n "$@"
}

answered() { # answered STATUS TEXT: whether $answer, headers and body, is as expected
  code=$(printf '%s\\n' "$answer" | sed -n 's|^ *HTTP/[0-9.]* \\([0-9][0-9][0-9]\\).*|\\1|p' | sed -n 1p)
  if [ "$code" != "$1" ]; then
    printf '%s\\n' "$answer" | tail -c 500
    echo "expected status $1, got \${code:-no answer}"
    return 1
  fi
  case $answer in *"$2"*) return 0 ;; esac
  printf '%s\\n' "$answer" | tail -c 500
  echo "the answer does not contain: $2"
  return 1
}`);

/** Exit status: 0 is passed, `cannotTell` unknown, anything else failed; the output is the reason. */
export function commandOf({ action, timeout }: CheckTask): Sh {
  switch (action.kind) {
    case 'ping':
      return ping(action.params, timeout);
    case 'tcp':
      return tcp(action.params, timeout);
    case 'http':
      return http(action.params, timeout);
    case 'command':
      return lines(
        userScript(action.params.run, ['-k', 1, timeout]),
        // This status is reserved for us.
        sh`code=$?; if [ "$code" = ${cannotTell} ]; then return 1; fi; return "$code"`,
      );
    case 'loop':
      throw new TypeError(`a ${action.kind satisfies CheckKind} check is made between hosts, not on one`);
  }
}

/** ping(8) of iputils: with `-w` it exits with 0 only if all of `-c` were answered in time. */
function ping({ address, mtu, size, df, count = 1, container }: PingParams, timeout: number): Sh {
  // The IPv6 header has 40 bytes (RFC 8200), IPv4's 20 (RFC 791), and that of an echo 8 in both (RFC 792, RFC
  // 4443).
  const headers = (address.includes(':') ? 40 : 20) + 8;
  const payload = mtu === undefined ? size : Math.max(0, mtu - headers);
  const deadline = Math.ceil(timeout + (count - 1) * 0.2);
  const options = [
    ...['-n', '-i', '0.2', '-c', count, '-w', deadline],
    ...((df ?? mtu !== undefined) ? ['-M', 'do'] : []),
    ...(payload === undefined ? [] : ['-s', payload]),
  ];
  return lines(
    raw('need ping || return'),
    sh`${from(container)}timeout -k 1 ${deadline + 1} ping ${options} ${address}`,
  );
}

function tcp({ address, port, container }: TcpParams, timeout: number): Sh {
  const prefix = from(container);
  return lines(
    raw('need bash nc || return'),
    raw('case $tool in'),
    sh`  bash) ${prefix}timeout -k 1 ${timeout} bash -c ${'exec 3<>"/dev/tcp/$0/$1"'} ${address} ${port} ;;`,
    sh`  nc) ${prefix}timeout -k 1 ${timeout} nc -z ${address} ${port} ;;`,
    raw('esac'),
  );
}

function http({ url, status = 200, contains = '', container }: HttpParams, timeout: number): Sh {
  const prefix = sh`${from(container)}timeout -k 1 ${timeout}`;
  const curlUrl = `url = "${url.replaceAll(/[\\"]/g, '\\$&')}"`;
  return lines(
    raw('need curl wget || return'),
    raw('case $tool in'),
    // The URL is passed on standard input: any user can read arguments. curl(1): within quotes, a backslash
    // escapes.
    sh`  curl) answer=$(printf '%s\n' ${curlUrl} | ${prefix} curl -q -gsSi --noproxy '*' -K - 2>&1 | head -c 262144) ;;`,
    sh`  wget) answer=$(printf '%s\n' ${url} | ${prefix} wget --no-config --no-proxy -S -t 1 --max-redirect=0 -i - -O - 2>&1 | head -c 262144) ;;`,
    raw('esac'),
    sh`answered ${status} ${contains}`,
  );
}

function from(container: string | undefined): Sh {
  return container === undefined ? raw('') : sh`inside ${container} `;
}
