/**
 * Words of Ansible, with what to write here. A quoted word in a hint is one of ours: a key, a kind, a param, an option
 * or a command; a test looks each of them up.
 */
type Hints = Readonly<Record<string, string>>;

const becomeHint = "write 'become' in the inventory, for all hosts, a group or a host";
const noOutput = "steps don't see each other's output; 'checks' say what must hold in the end";
const noHandlers =
  "there are no handlers: reloads and restarts are automatic, once, after all changes; a 'file' step names others under 'restarts'";
const noIncludes =
  'a playbook is one file; what is shared goes into the inventory, and apply takes one playbook';
const noParts =
  "all hosts are armed before any is changed, and undone together when one fails; '--limit' takes some of them, '--forks' says how many at once";
const onFailureHint = "write 'on_failure' in the playbook: 'undo_all', 'undo_host' or 'keep'";
const retryHint = "a check is tried again for as long as its 'retry' says; 'timeout' limits a step";
const secretHint =
  "name the variables under 'secret': their values are masked in everything that is shown or written";
const delegation =
  "narrow the step with 'hosts'; nothing runs on another host, or on the controller, in a host's stead";

/** Keys of a step. */
export const stepKeysElsewhere: Hints = {
  loop: "write 'for_each'",
  with_items: "write 'for_each'",
  with_list: "write 'for_each'",
  with_dict: "write 'for_each' with a list of mappings",
  with_together: "write 'for_each' with a list of mappings",
  with_sequence: "write 'for_each' with a list",
  with_fileglob: "write 'for_each' with a list of the files",
  loop_control: "in 'for_each' the element is 'item', and a step of each is numbered",
  become: becomeHint,
  become_user: `commands run as root, or as who logs in; ${becomeHint}`,
  become_method: `only sudo is supported; ${becomeHint}`,
  become_flags: `only sudo is supported; ${becomeHint}`,
  remote_user: "write 'ssh: { user: … }' in the inventory",
  delegate_to: delegation,
  delegate_facts: delegation,
  local_action: delegation,
  run_once: "name one host with 'hosts', as in 'hosts: docker_hosts[0]'",
  register: noOutput,
  changed_when: "a 'command' has a guard instead, 'unless', 'only_if' or 'creates', so that a plan can tell",
  failed_when: `a 'command' fails when its exit status isn't 0; ${noOutput}`,
  notify: noHandlers,
  listen: noHandlers,
  ignore_errors: onFailureHint,
  ignore_unreachable: "use '--skip-unreachable'",
  any_errors_fatal: onFailureHint,
  until: retryHint,
  retries: retryHint,
  delay: retryHint,
  async: "write 'timeout'",
  poll: "write 'timeout'",
  throttle: noParts,
  block: "write the steps one by one; 'tags', 'when' and 'hosts' stand on each",
  rescue: `a failed run is undone automatically; ${onFailureHint}`,
  environment: "in a 'command', write the variables into 'run': NAME=value program",
  args: "write params under the kind, as in 'command: { run: …, chdir: … }'",
  no_log: secretHint,
  check_mode: "'meshbook plan' changes nothing; there is no such choice for one step",
  diff: "'--diff' shows the changed lines of files",
  action: 'write the kind as the key, with its params',
  include_tasks: noIncludes,
  import_tasks: noIncludes,
  include: noIncludes,
  include_role: noIncludes,
  import_role: noIncludes,
  import_playbook: noIncludes,
  include_vars: "use '-e @FILE', or write 'vars' into the inventory",
  module_defaults: "write what steps share into 'vars'",
  vars_files: "use '-e @FILE', or write 'vars' into the inventory",
};

/** Keys at the top of a playbook. */
export const playbookKeysElsewhere: Hints = {
  tasks: "write 'steps'",
  pre_tasks: "write them first under 'steps'",
  post_tasks: "write them last under 'steps'; what must hold goes under 'checks'",
  handlers: noHandlers,
  roles: noIncludes,
  import_playbook: noIncludes,
  include_tasks: noIncludes,
  import_tasks: noIncludes,
  become: becomeHint,
  become_user: `commands run as root, or as who logs in; ${becomeHint}`,
  become_method: `only sudo is supported; ${becomeHint}`,
  remote_user: "write 'ssh: { user: … }' in the inventory",
  gather_facts: 'leave it out: meshbook reads exactly what templates and steps need',
  gather_subset: 'leave it out: meshbook reads exactly what templates and steps need',
  serial: noParts,
  strategy: noParts,
  order: 'hosts are worked on at once; the order of the inventory is that of reports',
  max_fail_percentage: onFailureHint,
  any_errors_fatal: onFailureHint,
  ignore_errors: onFailureHint,
  ignore_unreachable: "use '--skip-unreachable'",
  connection: 'hosts are reached by SSH',
  port: "write 'ssh: { port: … }' in the inventory",
  environment: "in a 'command', write the variables into 'run': NAME=value program",
  no_log: secretHint,
  vars_files: "use '-e @FILE', or write 'vars' into the inventory",
  vars_prompt: "use '-e'",
  tags: "write 'tags' on the steps",
  when: "write 'when' on the steps",
  module_defaults: "write what steps share into 'vars'",
  collections: 'kinds are part of meshbook; there is nothing to install',
};

const run = "write 'command', with 'run' or 'argv' and a guard such as 'unless' or 'creates'";
const packages = "write 'package'";
const files = "write 'file' with 'path', and 'source', 'template' or 'content'";
const wholeFile =
  "'file' writes a file whole; to change one line of someone else's file, write a 'command' with 'unless' and 'undo'";
const openFlow = "write 'command' with 'unless' and 'undo'";
const network =
  "write 'linux_bridge', 'ovs_bridge' or 'interfaces_file'; other interfaces are left as they are";
const containers =
  "meshbook joins the networks of containers and doesn't run them; 'docker_daemon' sets up Docker itself";
const noCheck = "write it under 'checks'";

/** Modules, without the names of their collections. */
export const kindsElsewhere: Hints = {
  apt: packages,
  apt_repository: `${files}; then 'package' with 'update_cache'`,
  apt_key: `${files}; then 'package' with 'update_cache'`,
  yum: packages,
  dnf: packages,
  dnf5: packages,
  zypper: packages,
  apk: packages,
  pacman: packages,
  pip: run,
  copy: files,
  template: files,
  lineinfile: wholeFile,
  blockinfile: wholeFile,
  replace: wholeFile,
  ini_file: wholeFile,
  assemble: wholeFile,
  unarchive: run,
  get_url: run,
  git: run,
  synchronize: run,
  fetch: "'meshbook facts' saves facts of hosts; files are not fetched",
  shell: run,
  raw: run,
  script: run,
  expect: run,
  systemd: "write 'service'",
  systemd_service: "write 'service'",
  cron: "write a 'file' in /etc/cron.d",
  modprobe: run,
  reboot: 'meshbook restarts no hosts',
  user: run,
  group: run,
  authorized_key: run,
  mount: run,
  hostname: run,
  iptables: openFlow,
  nftables: openFlow,
  ufw: openFlow,
  firewalld: openFlow,
  openvswitch_bridge: "write 'ovs_bridge'",
  openvswitch_port: "write 'ovs_tunnels' for tunnels, and 'members' of 'linux_bridge' to join bridges",
  openvswitch_db: run,
  nmcli: network,
  docker_container: containers,
  docker_image: containers,
  docker_compose: containers,
  docker_compose_v2: containers,
  docker_swarm: "'swarm' makes the hosts one Docker swarm",
  debug: "a run prints nothing of its steps; 'meshbook plan' shows rendered values",
  set_fact: "write 'vars' in the playbook or on the step",
  setup: "templates can use 'facts'; 'meshbook facts' saves all",
  gather_facts: "templates can use 'facts'; 'meshbook facts' saves all",
  assert: noCheck,
  fail: noCheck,
  wait_for: `${noCheck}: 'tcp', with 'retry'`,
  wait_for_connection:
    "connections are retried automatically; 'ssh: { connect_timeout: … }' in the inventory limits each",
  uri: `${noCheck}: 'http'`,
  pause: 'no run waits for input',
  stat: "guards such as 'creates' look at paths",
  meta: noHandlers,
  add_host: 'hosts stand in the inventory',
  group_by: 'groups stand in the inventory',
};

/** Keys of a check. */
export const checkKeysElsewhere: Hints = {
  until: "write 'retry'",
  retries: "write 'retry'",
  delay: "write 'retry'",
  uri: "write 'http'",
  wait_for: "write 'tcp'",
  shell: "write 'command'",
  raw: "write 'command'",
  script: "write 'command'",
  assert: "write 'command' with what must succeed",
  when: "narrow the check with 'hosts'",
  delegate_to: "narrow the check with 'hosts'",
};

/** The hint for a key of a check. */
export function checkKeyElsewhere(name: string): string | undefined {
  return Object.hasOwn(checkKeysElsewhere, name) ? checkKeysElsewhere[name] : undefined;
}

const passwords =
  "'--ask-become-pass' asks for sudo's password; there is no login by password: use keys or an agent";
const user = "write 'ssh: { user: … }'";
const port = "write 'ssh: { port: … }'";
const privateKey = "write 'ssh: { identity_file: … }'";
const becomeHere = "write 'become'; only sudo is supported, and commands run as root";
const options = 'meshbook follows ~/.ssh/config';

/** Variables of an inventory, a group or a host, and keys of a host. */
export const varsElsewhere: Hints = {
  ansible_host: "write 'address'",
  ansible_ssh_host: "write 'address'",
  ansible_user: user,
  ansible_ssh_user: user,
  ansible_port: port,
  ansible_ssh_port: port,
  ansible_ssh_private_key_file: privateKey,
  ansible_private_key_file: privateKey,
  ansible_password: passwords,
  ansible_ssh_pass: passwords,
  ansible_become: becomeHere,
  ansible_become_user: becomeHere,
  ansible_become_method: becomeHere,
  ansible_become_pass: passwords,
  ansible_become_password: passwords,
  ansible_connection: 'hosts are reached by SSH',
  ansible_ssh_common_args: options,
  ansible_ssh_extra_args: options,
  ansible_python_interpreter: 'hosts need no Python; leave it out',
  ansible_shell_type: 'scripts are for sh, which hosts have; leave it out',
};

/** The hint for a module, by its short name or with its collection's: `ansible.builtin.copy`. */
export function kindElsewhere(name: string): string | undefined {
  const short = /^[a-z0-9_]+\.[a-z0-9_]+\.([a-z0-9_]+)$/.exec(name)?.[1] ?? name;
  return Object.hasOwn(kindsElsewhere, short) ? kindsElsewhere[short] : undefined;
}

/** The hint for a key of a step, including any `with_` key that the table doesn't have. */
export function stepKeyElsewhere(name: string): string | undefined {
  if (Object.hasOwn(stepKeysElsewhere, name)) return stepKeysElsewhere[name];
  return /^with_[a-z_]+$/.test(name) ? "write 'for_each'" : undefined;
}

/** What to write instead of a text as a step's params, as in Ansible's `command`. */
export function paramsHint(kind: string): string {
  return kind === 'command'
    ? "write 'command: { run: …, unless: … }', or another guard: 'only_if', 'creates', 'always: true'"
    : `write '${kind}: { PARAM: VALUE }'`;
}
