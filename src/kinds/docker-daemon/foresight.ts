import { flagValue, words } from '../../facts/docker/command.ts';
import { configPath } from '../../facts/docker/files.ts';
import { flagOfKey, refusedKeys } from '../../facts/docker/keys.ts';
import { refusedValues } from '../../facts/docker/values.ts';
import type { Facts } from '../../facts/fact.ts';
import type { Problem } from '../define-kind.ts';
import { type DefaultNetwork, type NetworkOptions, networkFor } from './network.ts';
import { type DaemonOptions, expanded, inEffect, keyOf, type Param, type Places } from './settings.ts';

/**
 * The network that Docker will have after a restart with these params, and everything foreseeable that would keep it
 * from starting: such a restart isn't begun, since it would lose the running daemon. If the step sets nothing about
 * the network, options that Docker only ignores are not reported.
 */
export function foresee(wanted: DaemonOptions, places: Places, facts: Facts): DefaultNetwork {
  const options = inEffect(wanted, places);
  const refused = [...refusedFile(wanted, places), ...excluding(options)];
  if (refused.length > 0) return { problems: refused };
  const ofNetwork = ['bridge', 'bip', 'fixed_cidr', 'default_gateway'] as const;
  const lenient = ofNetwork.every((param) => wanted[param] === undefined);
  return networkFor(options, places.docker, facts, lenient);
}

/** Unknown keys, values that Docker refuses, and options that are both in the file and on the command line. */
function refusedFile(wanted: DaemonOptions, { base, config, docker }: Places): Problem[] {
  const own = new Set((Object.keys(wanted) as Param[]).map(keyOf));
  const rest = Object.fromEntries(Object.entries(config).filter(([key]) => !own.has(key)));
  const wrong = [...refusedKeys(rest, docker.version), ...refusedValues(rest)].map(
    (sentence): Problem => ({
      code: 'docker-config-refused',
      message: `Docker does not start with ${configPath} as it is: ${sentence}`,
      hint: `mend ${configPath} first: a running Docker still uses what it read at its start`,
    }),
  );
  const commands = [
    { path: 'docker.service', command: words(base) },
    ...expanded(base, docker).map(({ path, value }) => ({ path, command: words(value) })),
  ];
  const twice = Object.keys(rest).flatMap((key) => {
    const flag = flagOfKey(key);
    return commands
      .filter(({ command }) => flag !== undefined && flagValue(command, flag) !== undefined)
      .map(
        ({ path }): Problem => ({
          code: 'docker-option-twice',
          message: `Docker does not start: ${configPath} sets ${key}, and ${path} sets --${flag?.name}`,
          hint: `take ${key} out of ${configPath}, or --${flag?.name} out of ${path}`,
        }),
      );
  });
  return [...wrong, ...twice];
}

/** Options that exclude each other, if they aren't both the step's own: those are found without a host. */
function excluding({ bridge, bip, icc, iptables }: NetworkOptions): Problem[] {
  const [other] = [bridge, bip].flatMap((given) => given?.place ?? []);
  const both: Problem[] =
    bridge?.place !== undefined && bip?.place !== undefined && bridge.value && bip.value
      ? [
          {
            code: 'docker-bridge-and-bip',
            message: `${bridge.place} sets bridge and ${bip.place} sets bip, and Docker takes either bridge or bip`,
            hint: `take one of them out of ${other}`,
          },
        ]
      : [];
  const given = [icc, iptables].find((one) => one?.param !== undefined);
  const elsewhere = [icc, iptables].find((one) => one?.place !== undefined);
  return icc?.value === false && iptables?.value === false && elsewhere !== undefined
    ? [...both, iccNeedsFilters(given?.param, elsewhere.place)]
    : both;
}

/** `place` is the place of the other option. */
export function iccNeedsFilters(param: Param | undefined, place?: string): Problem {
  const where = place === undefined ? '' : ` (${place})`;
  return {
    code: 'docker-icc-needs-iptables',
    message: `Docker keeps containers apart (icc: false) by packet filter rules, which iptables: false turns off${where}`,
    ...(param === undefined ? {} : { path: [param] }),
  };
}
