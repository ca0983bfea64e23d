import { codes } from './code-entry.ts';

/**
 * Failures on hosts, or between them and the controller. They aren't about the user's files, so they have no place.
 */
export const worldCodes = codes({
  'connect-failed': {
    severity: 'error',
    title: 'No connection to the host',
    cause: 'Nothing answers there, or it hangs up before SSH begins.',
    mend: 'Check that the host is up and that `address` and `ssh: { port }` are right; `ssh -v` to the same address shows more.',
  },
  'connect-timeout': {
    severity: 'error',
    title: "The host doesn't answer in time",
    cause: 'A firewall drops the packets, or the host is down.',
    mend: 'Check the network; `ssh: { connect_timeout }` gives slow hosts more time.',
  },
  'host-key-unknown': {
    severity: 'error',
    title: "The host's key is not known",
    cause: 'Without a known key, nobody can tell that it is the right host.',
    mend: "Compare the fingerprint with the host's own, then add the key to known_hosts.",
  },
  'host-key-changed': {
    severity: 'error',
    title: "The host's key has changed",
    cause: 'The host was reinstalled, or another machine answers in its place.',
    mend: 'Find out which, then replace the key in known_hosts.',
  },
  'host-key-revoked': {
    severity: 'error',
    title: "The host's key is marked as revoked",
    cause: 'known_hosts says that this key must no longer be trusted.',
    mend: 'Give the host a new key.',
  },
  'auth-failed': {
    severity: 'error',
    title: 'The host accepts none of the keys',
    cause: 'The user is wrong, or none of the identities is in its authorized_keys.',
    mend: 'Check `ssh: { user, identity_file }`.',
  },
  'key-unreadable': {
    severity: 'error',
    title: "A private key can't be used",
    cause: 'The file is missing, unreadable, open to others, or not a key.',
    mend: 'The message says which; `chmod 600` closes the file to others.',
  },
  'become-failed': {
    severity: 'error',
    title: 'sudo refuses',
    cause: 'The user may not become root, or sudo asks for a password that was not given.',
    mend: 'Give `--ask-become-pass`, or check sudoers.',
  },
  'connection-lost': {
    severity: 'error',
    title: 'The connection broke',
    cause:
      'The network or the host went away. What was begun on the host continues there, under its own deadline.',
    mend: "`meshbook status` shows the host's state.",
  },
  timeout: {
    severity: 'error',
    title: 'A time limit was exceeded',
    cause: "A command or the host's answer took too long.",
    mend: "A step's `timeout` gives its commands more time.",
  },
  protocol: {
    severity: 'error',
    title: "The host's output is not that of meshbook's program",
    cause: 'The answer was truncated or changed on the way; meshbook uses nothing of it.',
    mend: "Try again. If the error stays, `ssh HOST sh` shows what the host's start files print.",
  },
  'command-failed': {
    severity: 'error',
    title: 'A command on the host failed',
    cause: 'The end of its output is below.',
    mend: 'Fix the cause, then run again: what is already done stays as it is.',
  },
  state: {
    severity: 'error',
    title: "The state of a run or a host doesn't allow this",
    cause: 'For example, the run is already undone, or the host has changed since it was read.',
    mend: 'The message says what to do; `meshbook status` shows the state of each host.',
  },
  locked: {
    severity: 'error',
    title: 'Another run holds the host',
    cause:
      'Only one run at a time changes a host. The message names the run that holds it, who runs it and since when.',
    mend: "Wait for it, for example with `--wait 5m`. If its controller is gone, an armed host undoes the run when its deadline has passed; `meshbook recover RUN` settles it from that controller's records.",
  },
  armed: {
    severity: 'warning',
    title: 'Hosts are armed, and undo a run unless it is confirmed',
    cause:
      'An apply with `--no-confirm` has ended there, or a run still goes on. The hosts are as the playbook says only until the deadline.',
    mend: '`meshbook confirm RUN`, on the controller of the run, keeps it; otherwise let the time pass and apply again.',
  },
  'check-failed': {
    severity: 'error',
    title: 'A check failed',
    cause:
      'The plan was applied, but what the check tests does not hold. The run is undone, as `on_failure` says.',
    mend: '`meshbook check` runs the checks again.',
  },
  expired: {
    severity: 'error',
    title: 'The host undid the run on its own',
    cause:
      'The run was not confirmed before the deadline: the controller was gone, or the host could not be reached.',
    mend: 'Run again.',
  },
  internal: {
    severity: 'error',
    title: "A bug of meshbook's",
    cause: 'Something happened that should be impossible.',
    mend: 'Please report it, with the output below.',
  },
});
