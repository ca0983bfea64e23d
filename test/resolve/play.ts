import type { Checked } from '../../src/diagnostics/diagnostic.ts';
import { Facts } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { osFact } from '../../src/facts/os.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { parsePlaybook } from '../../src/model/playbook/playbook.ts';
import { type PlayInputs, type Resolution, resolvePlay } from '../../src/resolve/resolve-play.ts';
import { lines } from '../diagnostics/lines.ts';
import { document } from '../source/document.ts';

export const kindNames = { has: (name: string) => kinds.has(name), names: () => [...kinds.keys()] };

export const twoHosts = 'hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } }';

export interface PlayText extends Partial<Omit<PlayInputs, 'inventory' | 'playbook'>> {
  readonly inventory?: string;
  readonly playbook: string;
  readonly playbookPath?: string;
  readonly facts?: ReadonlyMap<string, Facts>;
}

/** Resolves a playbook against an inventory, both given as valid texts. */
export function resolveText(text: PlayText): Checked<Resolution> {
  const { inventory = twoHosts, playbook, playbookPath = 'pb.yml', facts, ...inputs } = text;
  return resolvePlay(
    {
      inventory: good(parseInventory(document(inventory, 'inv.yml'))),
      playbook: good(parsePlaybook(document(playbook, playbookPath), kindNames)),
      leases: new Map(),
      extraVars: {},
      tags: [],
      skipTags: [],
      ...inputs,
    },
    facts,
  );
}

/** The resolution, which must succeed. */
export function resolved(text: PlayText): Resolution {
  return good(resolveText(text));
}

/** The diagnostics, as `line:column code message (hint)` of the playbook. */
export function problems(text: PlayText): string[] {
  const { value, diagnostics } = resolveText(text);
  if (value !== undefined) throw new Error('it was expected to fail, and it did not');
  return lines(diagnostics).map((line) => line.replace('pb.yml:', ''));
}

/** The steps of each host, as `name: run` of `command` steps or `name: content` of `file` steps. */
export function stepsOf({ play }: Resolution): Record<string, string[]> {
  return Object.fromEntries(
    play.hosts.map(({ host, steps }) => [
      host.name,
      steps.map(
        ({ name, params }) => `${name}: ${params.run ?? params.content ?? params.source ?? params.template}`,
      ),
    ]),
  );
}

/** A playbook with one `command` step that prints a text. */
export function saying(run: string, more: { readonly step?: string; readonly play?: string } = {}): string {
  return `hosts: all\n${more.play ?? ''}\nsteps:\n  - { name: say, ${more.step ?? ''} command: { always: true, run: ${JSON.stringify(run)} } }\n`;
}

/** Facts of a host of this OS family. */
export function factsOf(family: 'debian' | 'redhat'): Facts {
  return new Facts()
    .with(osFact, {
      id: family,
      id_like: [],
      version: '12',
      family,
      kernel: '6.1.0',
      architecture: 'x86_64',
      hostname: 'h',
      uid: 0,
      systemd: true,
    })
    .with(interfacesFact, [{ name: 'eth0', mtu: 1400, up: true, addresses: ['192.0.2.1/24'] }]);
}

function good<T>({ value, diagnostics }: Checked<T>): T {
  if (value === undefined) throw new Error(lines(diagnostics).join('\n'));
  return value;
}
