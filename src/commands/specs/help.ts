export const exitCodeHelp = `
Exit codes:
  0    done, or nothing to do
  1    wrong usage, invalid input, or answered no
  2    there are changes (only with --detailed-exitcode), or drift
  3    a host is unreachable
  4    a host failed and was undone, unless on_failure says otherwise;
       or an undo left conflicts alone
  5    a host is in doubt: it doesn't answer, or its undo failed
  70   a bug of meshbook's
  130  interrupted
The worst wins: 5 over 4 over 3.`;

export const environmentHelp = `
Environment: MESHBOOK_INVENTORY, MESHBOOK_STATE_DIR, MESHBOOK_ALLOW_FILES,
MESHBOOK_KNOWN_HOSTS, ANSIBLE_VAULT_PASSWORD_FILE, NO_COLOR,
FORCE_COLOR.`;
