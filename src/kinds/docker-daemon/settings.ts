import {
  execStart,
  expands,
  type Flag,
  flagValue,
  settings,
  variables,
  withoutFlags,
  words,
} from '../../facts/docker/command.ts';
import { parseDockerConfig, withConfigValues } from '../../facts/docker/config.ts';
import type { Docker } from '../../facts/docker/docker.ts';
import { configPath, dropInPath } from '../../facts/docker/files.ts';
import type { FileFact } from '../../facts/file.ts';
import type { Problem } from '../define-kind.ts';
import { dropIn } from './drop-in.ts';

/** Params that are options of dockerd: each is a flag, and a key of daemon.json with the same name. */
const flags = {
  bridge: { name: 'bridge', short: 'b' },
  bip: { name: 'bip' },
  fixed_cidr: { name: 'fixed-cidr' },
  default_gateway: { name: 'default-gateway' },
  mtu: { name: 'mtu' },
  icc: { name: 'icc', boolean: true },
  ip_masq: { name: 'ip-masq', boolean: true },
  iptables: { name: 'iptables', boolean: true },
} as const satisfies Record<string, Flag>;

/** The key of a param in daemon.json. */
export function keyOf(param: Param): string {
  return flags[param].name;
}

export type Param = keyof typeof flags;

/** The options that a step sets. */
export type DaemonOptions = Readonly<Partial<Record<Param, string | number | boolean>>>;

/** The wanted content of the two files; null: no drop-in is needed. `config` is undefined if it is unchanged. */
export interface Files {
  readonly dropIn: string | null;
  readonly config?: string;
}

/** Where Docker's options are, except meshbook's drop-in. */
export interface Places {
  /** docker.service's command line, as written. */
  readonly base: string;
  /** daemon.json's text, and its content. */
  readonly text: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly docker: Docker;
}

/** Reads them; a problem if the restart would start something else, or could not read its file. */
export function placesOf(docker: Docker, configFile: FileFact): Places | { problems: Problem[] } {
  const base = execStart(docker.units.filter(({ path }) => path !== dropInPath));
  if (base === undefined || !/dockerd|docker daemon/.test(base)) return { problems: [unusual(base)] };
  const text = configFile === null ? '' : configFile.kind === 'text' ? configFile.content : undefined;
  const config = text === undefined ? { error: 'it is not a text file' } : parseDockerConfig(text);
  if (text === undefined || config.error !== undefined) return { problems: [unreadable(config.error ?? '')] };
  return { base, text, config: config.values, docker };
}

/**
 * Puts each option in exactly one place, since the daemon doesn't start with one in two: in daemon.json if that
 * already has the key, otherwise on the command line.
 */
export function settleOptions(wanted: DaemonOptions, places: Places): Files | { problems: Problem[] } {
  const { base, text, config, docker } = places;
  const command = words(base);
  const options = Object.entries(wanted) as [Param, string | number | boolean][];
  const inConfig = options.filter(([param]) => Object.hasOwn(config, flags[param].name));
  const onCommand = options.filter((option) => !inConfig.includes(option));
  const problems = [
    ...otherConfigFile(command),
    ...laterDropIns(docker),
    ...inVariables(wanted, base, docker),
    ...excluded(wanted, command, config),
  ];
  if (problems.length > 0) return { problems };

  const rest = withoutFlags(
    command,
    options.map(([param]) => flags[param]),
  );
  const full = [...rest, ...onCommand.map(([param, value]) => `--${flags[param].name}=${value}`)].join(' ');
  const bridge = wanted.bridge === undefined ? undefined : String(wanted.bridge);
  const changed = inConfig.filter(([param, value]) => config[flags[param].name] !== value);
  return {
    dropIn: bridge === undefined && full === command.join(' ') ? null : dropIn(full, bridge),
    ...(changed.length === 0
      ? {}
      : {
          config: withConfigValues(
            text,
            Object.fromEntries(changed.map(([param, value]) => [flags[param].name, value])),
          ),
        }),
  };
}

/** An option in effect, and its source. */
export interface Given {
  readonly value: unknown;
  /** The param, if the step sets it. */
  readonly param?: Param;
  /** Otherwise a file or a unit. */
  readonly place?: string;
}

/** The options in effect after the step: its own params, and everything else that Docker's files set. */
export function inEffect(
  wanted: DaemonOptions,
  { base, config, docker }: Places,
): Partial<Record<Param, Given>> {
  const command = words(base);
  return Object.fromEntries(
    (Object.keys(flags) as Param[]).flatMap((param): [Param, Given][] => {
      const flag = flags[param];
      if (wanted[param] !== undefined) return [[param, { value: wanted[param], param }]];
      if (config[flag.name] !== undefined && config[flag.name] !== null)
        return [[param, { value: config[flag.name], place: configPath }]];
      const given = [
        { path: 'docker.service', value: flagValue(command, flag) },
        ...expanded(base, docker).map(({ path, value }) => ({ path, value: flagValue(words(value), flag) })),
      ].findLast(({ value }) => value !== undefined);
      if (given?.value === undefined) return [];
      const value = 'boolean' in flag ? given.value !== 'false' : given.value;
      return [[param, { value, place: given.path }]];
    }),
  );
}

function unusual(base: string | undefined): Problem {
  return {
    code: 'docker-unit-unusual',
    message: `docker.service starts ${base === undefined ? 'nothing' : `'${base}'`}, not dockerd`,
    hint: 'options can be given only to a daemon that systemd starts as dockerd',
  };
}

function unreadable(error: string): Problem {
  return {
    code: 'docker-config-unreadable',
    message: `${configPath} can't be read as Docker's configuration: ${error}`,
    hint: 'fix the file first: Docker itself does not start with it',
  };
}

function otherConfigFile(command: readonly string[]): Problem[] {
  const file = flagValue(command, { name: 'config-file' });
  if (file === undefined || file === configPath) return [];
  return [
    {
      code: 'docker-config-elsewhere',
      message: `docker.service reads its configuration from ${file}, which meshbook does not merge with`,
      hint: `move the file to ${configPath} and remove --config-file`,
    },
  ];
}

/** Drop-ins apply in the order of their file names, whatever their folder (systemd.unit(5)). */
function laterDropIns({ units }: Docker): Problem[] {
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return units
    .filter(({ path }) => path.endsWith('.conf') && name(path) > name(dropInPath))
    .filter((unit) => settings([unit], 'Service', 'ExecStart').length > 0)
    .map(({ path }) => ({
      code: 'docker-drop-in-later',
      message: `${path} sets ExecStart after meshbook's drop-in, which then has no effect`,
      hint: `rename it so that its name sorts before ${name(dropInPath)}`,
    }));
}

/** The variables that a command line expands. */
export function expanded(base: string, { units, environment }: Docker) {
  return variables(units, environment).filter(({ name }) => expands(base, name));
}

/** Options in $DOCKER_OPTS and the like: in a user's file, where the shell's and systemd's quoting rules differ. */
function inVariables(wanted: DaemonOptions, base: string, docker: Docker): Problem[] {
  return expanded(base, docker).flatMap(({ path, name, value }) =>
    (Object.keys(flags) as Param[])
      .filter((param) => wanted[param] !== undefined || wanted[rival(param) ?? param] !== undefined)
      .filter((param) => flagValue(words(value), flags[param]) !== undefined)
      .map((param) => ({
        code: 'docker-option-elsewhere',
        message: `${path} sets --${flags[param].name} in ${name}`,
        hint: `take it out of ${path}: an option may be set in only one place`,
        ...(wanted[param] === undefined ? {} : { path: [param] }),
      })),
  );
}

/** The daemon refuses `bridge` together with `bip`, wherever they are. */
function excluded(
  wanted: DaemonOptions,
  command: readonly string[],
  config: Readonly<Record<string, unknown>>,
): Problem[] {
  return (['bridge', 'bip'] as const).flatMap((param) => {
    const other = rival(param);
    if (wanted[param] === undefined || other === undefined) return [];
    const place = config[other]
      ? configPath
      : flagValue(command, flags[other])
        ? 'docker.service'
        : undefined;
    if (place === undefined) return [];
    return [
      {
        code: 'docker-bridge-and-bip',
        message: `${place} sets ${other}, and Docker takes either bridge or bip`,
        path: [param],
        hint: `take ${other} out of ${place} first`,
      },
    ];
  });
}

function rival(param: Param): 'bridge' | 'bip' | undefined {
  return param === 'bridge' ? 'bip' : param === 'bip' ? 'bridge' : undefined;
}
