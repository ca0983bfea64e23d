const facts = "'facts.os' and 'facts.interfaces' say what a host is like";
const paths = "paths in 'source' and 'template' are relative to the playbook";
const others =
  "no host sees another's values; 'overlay.NAME.peers' has the other members with their addresses";

/** Names with a meaning in Ansible, and our equivalents in quotes; a test looks up each of those. */
export const namesElsewhere: Readonly<Record<string, string>> = {
  inventory_hostname: "write 'host.name'",
  inventory_hostname_short: "write 'host.name'",
  ansible_host: "write 'host.address'",
  ansible_ssh_host: "write 'host.address'",
  ansible_facts: facts,
  ansible_hostname: "write 'facts.os.hostname'",
  ansible_nodename: "write 'facts.os.hostname'",
  ansible_distribution: "write 'facts.os.id'",
  ansible_distribution_version: "write 'facts.os.version'",
  ansible_os_family: "write 'facts.os.family'",
  ansible_kernel: "write 'facts.os.kernel'",
  ansible_architecture: "write 'facts.os.architecture'",
  ansible_interfaces: "write 'facts.interfaces'",
  hostvars: others,
  groups: `'host.groups' has the host's own groups; ${others}`,
  group_names: "write 'host.groups'",
  play_hosts: others,
  ansible_play_hosts: others,
  ansible_play_batch: others,
  ansible_check_mode: 'a plan and an apply see the same values',
  ansible_date_time: 'templates give the same text at all times',
  ansible_loop: "with 'for_each' there is 'item' alone",
  item: "'item' is there on steps with 'for_each'",
  omit: "leave the param out, or make it a step of its own with 'when'",
  playbook_dir: paths,
  role_path: paths,
  inventory_dir: paths,
  inventory_file: paths,
};

/** The hint for an undefined name that is one of Ansible's. */
export function nameElsewhere(name: string): string | undefined {
  if (Object.hasOwn(namesElsewhere, name)) return namesElsewhere[name];
  return name.startsWith('ansible_') ? `Ansible's own variables aren't there; ${facts}` : undefined;
}
