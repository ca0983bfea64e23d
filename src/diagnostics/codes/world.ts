import { codes } from './code-entry.ts';

/** What goes wrong between the controller and hosts, or on them. These aren't about what was written, so they have no place in a file. */
export const worldCodes = codes({
  'connect-failed': {
    severity: 'error',
    title: 'No connection to the host',
    cause: 'Nothing answers there, or it hangs up before SSH has begun.',
    mend: 'See that the host is up and that `address` and `ssh: { port }` are right; `ssh -v` to the same place tells more.',
  },
  'connect-timeout': {
    severity: 'error',
    title: "The host doesn't answer in time",
    cause: 'A firewall swallows the packets, or the host is down.',
    mend: 'See to the network; `ssh: { connect_timeout }` gives slow hosts longer.',
  },
  'host-key-unknown': {
    severity: 'error',
    title: "The host's key is not known",
    cause: 'Without it nobody can tell that it is the right host.',
    mend: "Compare the fingerprint with the host's own, then add it to known_hosts.",
  },
  'host-key-changed': {
    severity: 'error',
    title: 'The host has another key than it should',
    cause: 'It was installed anew, or another machine answers in its place.',
    mend: 'Find out which; then replace the key in known_hosts.',
  },
  'host-key-revoked': {
    severity: 'error',
    title: "The host's key is marked as revoked",
    cause: 'known_hosts says that this key must not be trusted any more.',
    mend: 'Give the host a new key.',
  },
  'auth-failed': {
    severity: 'error',
    title: 'The host accepts none of the keys',
    cause: 'The user is wrong, or none of the identities is in its authorized_keys.',
    mend: 'See to `ssh: { user, identity_file }`.',
  },
  'key-unreadable': {
    severity: 'error',
    title: "A private key can't be used",
    cause: 'The file is missing, not to be read, open to others, or no key.',
    mend: 'The message says which; `chmod 600` closes it.',
  },
  'become-failed': {
    severity: 'error',
    title: 'sudo refuses',
    cause: 'The user may not become root, or sudo asks for a password that nobody gave.',
    mend: 'Give `--ask-become-pass`, or see to sudoers.',
  },
  'connection-lost': {
    severity: 'error',
    title: 'The connection broke',
    cause:
      'The network or the host went away. What was begun on the host goes on there, under its own deadline.',
    mend: '`meshbook status` asks the host how it is.',
  },
  timeout: {
    severity: 'error',
    title: 'Something takes longer than it may',
    cause: "A command, or the host's answer.",
    mend: "A step's `timeout` gives its commands longer.",
  },
  protocol: {
    severity: 'error',
    title: "The host prints what meshbook's program doesn't",
    cause: 'Its answer was cut off or changed on the way; nothing of it is believed.',
    mend: "Try again. If it stays, `ssh HOST sh` shows what the host's start files print.",
  },
  'command-failed': {
    severity: 'error',
    title: 'A command on the host failed',
    cause: 'The end of what it printed stands below.',
    mend: 'See to the cause; then run again: what is done already is left as it is.',
  },
  state: {
    severity: 'error',
    title: "A run or a host isn't in a state that allows this",
    cause: 'The run was taken back already, say, or the host has changed since it was looked at.',
    mend: 'The message says what to do; `meshbook status` shows how hosts are.',
  },
  locked: {
    severity: 'error',
    title: 'Another run holds the host',
    cause:
      'One run at a time changes a host. The message names the run that does, who runs it and since when.',
    mend: 'Wait for it: `--wait 5m` does. If its controller is gone, `meshbook recover RUN` there settles it; an armed host takes it back by itself when its deadline has passed.',
  },
  'check-failed': {
    severity: 'error',
    title: 'A check failed',
    cause:
      "The plan was carried out, and what should then hold doesn't. The run is taken back by `on_failure`.",
    mend: '`meshbook check` makes the checks again.',
  },
  expired: {
    severity: 'error',
    title: 'The host took the run back by itself',
    cause:
      "Nobody confirmed it before its deadline: the controller was gone, or the host couldn't be reached.",
    mend: 'Run again.',
  },
  internal: {
    severity: 'error',
    title: "A bug of meshbook's",
    cause: 'Something happened that the code holds to be impossible.',
    mend: 'Please report it, with what is printed below.',
  },
});
