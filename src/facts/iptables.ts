import type { Json } from '../json/json.ts';
import { sortedKeys } from '../json/records.ts';
import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { either, list, mapping, oneOf, record, text } from './schema.ts';
import { beginning, Unreadable } from './unreadable.ts';

/** A chain's policy (`-` for a user's chain) and its rules in order, as iptables-save writes them. */
export interface Chain {
  readonly policy: string;
  readonly rules: readonly string[];
}

/** Chains by table and name. */
export type Ruleset = Readonly<Record<string, Readonly<Record<string, Chain>>>>;

/** The rules of both IP versions, as iptables sees them. */
export interface Iptables {
  readonly ipv4: 'not installed' | Ruleset;
  readonly ipv6: 'not installed' | Ruleset;
}

const ruleset = either(oneOf('not installed'), mapping(mapping(record({ policy: text, rules: list(text) }))));

/**
 * The firewall's rules without counters. Tables and chains are compared by name, rules by their order. iptables-save
 * may load the kernel's netfilter modules, though never a rule: no kind uses this fact, so `plan` doesn't read it; it
 * serves comparisons before and after a run.
 */
export const iptables: FactFamily<Iptables> = {
  name: 'iptables',
  command: 'iptables-save',
  schema: record({ ipv4: ruleset, ipv6: ruleset }),
  query: () =>
    raw(`for save in iptables-save ip6tables-save; do
  echo "= $save"
  if command -v "$save" >/dev/null; then "$save" || exit; else echo 'not installed'; fi
done`),
  parse: (output) => {
    const [, ipv4, ipv6] = output.split(/^= ip6?tables-save$/m);
    if (ipv4 === undefined || ipv6 === undefined) throw new Unreadable('a section is missing');
    return new Map([['', { ipv4: rulesetOf(ipv4), ipv6: rulesetOf(ipv6) }]]);
  },
  canonical: (value) => sortedKeys({ ipv4: value.ipv4, ipv6: value.ipv6 } as unknown as Json),
};

export const iptablesFact: FactQuery<Iptables> = { family: iptables, key: '' };

function rulesetOf(text: string): 'not installed' | Ruleset {
  if (text.trim() === 'not installed') return 'not installed';
  const tables: Record<string, Record<string, { policy: string; rules: string[] }>> = {};
  let table: Record<string, { policy: string; rules: string[] }> = {};
  for (const line of text.split('\n')) {
    const [, name] = /^\*(\S+)$/.exec(line) ?? [];
    const [, chain, policy] = /^:(\S+) (\S+) \[\d+:\d+\]$/.exec(line) ?? [];
    const [, of, rule] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      table = {};
      tables[name] = table;
    } else if (chain !== undefined && policy !== undefined) table[chain] = { policy, rules: [] };
    else if (of !== undefined && rule !== undefined) table[of]?.rules.push(rule);
    else if (line !== '' && line !== 'COMMIT' && !line.startsWith('#'))
      throw new Unreadable(`unexpected line ${beginning(line)}`);
  }
  return tables;
}
