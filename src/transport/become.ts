import { RunError } from '../diagnostics/errors.ts';
import { printable } from './printable.ts';

/** sudo has asked again: the password was wrong. In English, because we run it with LC_ALL=C. */
export const askedAgain = /try again/i;

/** Why sudo did not start our shell, by its output. */
export function becomeError(host: string, user: string, stderr: string, hadPassword: boolean): RunError {
  const fail = (message: string, hint?: string) => new RunError('become-failed', message, { host, hint });
  if (/incorrect password|try again|no password was provided|conversation failed/i.test(stderr)) {
    return fail(
      `sudo did not accept the password of ${user}`,
      'give the password of the login user, not of root',
    );
  }
  if (/not in the sudoers|may not run sudo|is not allowed to/i.test(stderr)) {
    return fail(
      `${user} may not use sudo to run sh as root`,
      `allow it in /etc/sudoers.d on the host, or log in as root (ssh: user)`,
    );
  }
  if (/password is required|terminal is required|askpass/i.test(stderr)) {
    return fail(
      `sudo wants a password of ${user}`,
      hadPassword ? undefined : 'give it with --ask-become-pass, or allow sudo without one (NOPASSWD)',
    );
  }
  if (/must have a tty/i.test(stderr)) {
    return fail('sudo wants a terminal', `in /etc/sudoers on the host: Defaults:${user} !requiretty`);
  }
  if (/sudo['"]?: (no such file|.*not found)|sudo.*not found/i.test(stderr)) {
    return fail('there is no sudo on the host', 'install sudo there, or log in as root (ssh: user)');
  }
  return fail(`sudo did not start a shell: ${printable(stderr) || 'it printed nothing'}`);
}
