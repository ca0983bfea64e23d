import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts';
import { describePlace } from '../diagnostics/position.ts';
import { dropInFolder } from '../facts/ifupdown.ts';
import { unitName } from '../facts/unit.ts';
import { dropInPath } from '../kinds/docker-drop-in.ts';
import type { ResolvedHost, ResolvedStep } from '../model/resolved.ts';
import { useOf, usesOf } from './use.ts';

/** What a step describes: two that describe one thing differently would undo each other in each run. */
const objects: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string | undefined>> = {
  file: ({ path }) => `the file ${path}`,
  linux_bridge: ({ name }) => `the bridge ${name}`,
  ovs_bridge: ({ name }) => `the bridge ${name}`,
  interfaces_file: ({ bridge }) => `the file ${dropInFolder}/${bridge}`,
  service: ({ name }) => `the service ${unitName(String(name))}`,
  sysctl: ({ name }) => (name === undefined ? undefined : `the kernel parameter ${name}`),
  docker_daemon: () => 'the Docker daemon',
};

/** Two steps that own one object. */
export function ownerLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  return hosts.flatMap((host) => [...twoOwners(host), ...keptFiles(host)]);
}

function twoOwners(host: ResolvedHost): Diagnostic[] {
  const first = new Map<string, ResolvedStep>();
  return host.steps.flatMap((step) => {
    const object = objects[step.step.kind]?.(step.params);
    if (object === undefined) return [];
    const owner = first.get(object);
    if (owner === undefined) {
      first.set(object, step);
      return [];
    }
    const param = contradiction(owner, step);
    if (param === undefined) return [];
    const { at } = useOf(host, step);
    const place = describePlace(owner.step.locate([owner.step.kind], 'key'));
    return error(
      'two-owners',
      `${object} is described by two steps${param === '' ? '' : `, with different ${param}`}`,
      at(param),
      `the other is at ${place}: each run would do both, and never be done`,
    );
  });
}

/** A param on which they disagree; empty: they are of different kinds. Lists may be added up, so they don't count. */
function contradiction(a: ResolvedStep, b: ResolvedStep): string | undefined {
  if (a.step.kind !== b.step.kind) return '';
  const state = (step: ResolvedStep) => step.params.state ?? 'present';
  if (a.step.kind !== 'service' && state(a) !== state(b)) return 'state';
  const shared = Object.keys(a.params).filter((key) => Object.hasOwn(b.params, key));
  return shared.find(
    (key) => !Array.isArray(a.params[key]) && !isDeepStrictEqual(a.params[key], b.params[key]),
  );
}

/** Files that a kind keeps: a file step must not own them as well. */
function keptFiles(host: ResolvedHost): Diagnostic[] {
  const docker = usesOf(host, 'docker_daemon');
  return usesOf<{ path: string }>(host, 'file').flatMap(({ params, at }) =>
    params.path === dropInPath && docker.length > 0
      ? [
          error(
            'two-owners',
            `the file ${params.path} is what a docker_daemon step writes`,
            at('path'),
            'give its options to the docker_daemon step',
          ),
        ]
      : [],
  );
}
