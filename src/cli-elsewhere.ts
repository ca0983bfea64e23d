const login = "write 'ssh: { user: … }' in the inventory";
const key = "write 'ssh: { identity_file: … }' in the inventory";
const sshConfig = "meshbook follows ~/.ssh/config; set the rest under 'ssh' in the inventory";
const keys = "there is no login by password; set keys under 'ssh' in the inventory, or use an agent";
const offline = "'meshbook plan --offline' names hosts and steps";
const quiet = "failures are always shown in full, and 'meshbook runs show' shows each run";
const sudo = "only sudo, to root, is supported: '--become', or 'become' in the inventory";

/** Options of ansible-playbook, with ours in quotes; a test checks that ours exist. */
export const optionsElsewhere: Readonly<Record<string, string>> = {
  '--check': "'meshbook plan' changes nothing",
  '-C': "'meshbook plan' changes nothing",
  '-D': "'meshbook plan --diff' and 'meshbook apply --diff' show the changed lines of files",
  '--diff': "'meshbook plan --diff' and 'meshbook apply --diff' show the changed lines of files",
  '--list-hosts': offline,
  '--list-tasks': offline,
  '--list-tags': offline,
  '--syntax-check': "'meshbook validate' checks everything that needs no host",
  '--inventory-file': "write '--inventory'",
  '-v': quiet,
  '--verbose': quiet,
  '--step': "'meshbook apply' shows the whole plan and asks once; '--tags' selects steps",
  '--start-at-task': "steps that are already done change nothing; '--tags' selects steps",
  '--private-key': key,
  '--key-file': key,
  '-u': login,
  '--user': login,
  '-k': keys,
  '--ask-pass': keys,
  '--connection-password-file': keys,
  '-c': 'hosts are reached by SSH',
  '--connection': 'hosts are reached by SSH',
  '-T': "write 'ssh: { connect_timeout: … }' in the inventory",
  '--timeout': "write 'ssh: { connect_timeout: … }' in the inventory",
  '--ssh-common-args': sshConfig,
  '--ssh-extra-args': sshConfig,
  '--sftp-extra-args': sshConfig,
  '--scp-extra-args': sshConfig,
  '-K': "'meshbook plan' and 'meshbook apply' take '--ask-become-pass'",
  '--ask-become-pass': "'meshbook plan' and 'meshbook apply' take '--ask-become-pass'",
  '--become-pass-file': "write '--become-password-file'",
  '--become-user': sudo,
  '--become-method': sudo,
  '-M': 'kinds are part of meshbook; there are no modules to look for',
  '--module-path': 'kinds are part of meshbook; there are no modules to look for',
  '--force-handlers': 'there are no handlers; reloads and restarts are automatic',
  '--flush-cache': "hosts are read again each time; only '--facts' uses saved facts",
};

/** Commander's message, with our equivalent if an option of Ansible's was given. */
export function withOptionHint(message: string): string {
  const [, given] = /^error: unknown option '(-v+|--?[A-Za-z-]+)/.exec(message) ?? [];
  const option = given?.replace(/^-v+$/, '-v');
  if (option === undefined || !Object.hasOwn(optionsElsewhere, option)) return message;
  // Commander's own suggestion (`(Did you mean …?)`) would only be a word with similar spelling.
  return `${message.split('\n')[0]}\n  hint: ${optionsElsewhere[option]}\n`;
}
