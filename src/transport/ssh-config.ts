import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { RunError } from '../diagnostics/errors.ts';
import { type ConfigReach, configReach, widest } from './config-reach.ts';

/** The options of ssh_config(5) for a host: option in lower case → its values, in order. */
export type SshOptions = ReadonlyMap<string, readonly string[]>;

export interface SshConfigOptions {
  /** Read instead of the user's and the system's file, like `ssh -F`. */
  readonly file?: string;
}

/**
 * The user's OpenSSH configuration, as `ssh -G` evaluates it. Calls it as rarely as possible: never if the files set
 * nothing that we read, once if they are the same for every host, otherwise once per host. Without an ssh binary there
 * is no configuration.
 */
export class SshConfig {
  readonly #file: string | undefined;
  #reach: ConfigReach | undefined;
  #shared: Promise<SshOptions> | undefined;
  /** The last of the pending calls; a chain, because parallel ssh processes only compete for the CPU. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: SshConfigOptions = {}) {
    this.#file = options.file;
  }

  /** `user` and `port` are the inventory's, which `Match` lines may test. */
  async lookup(host: string, given: { user?: string; port?: number }): Promise<SshOptions> {
    this.#reach ??= this.#readReach();
    if (this.#reach === 'none') return new Map();
    if (this.#reach === 'shared') {
      this.#shared ??= this.#ask(host, {});
      const shared = new Map(await this.#shared);
      // That of the host that happened to be first.
      shared.delete('hostname');
      return shared;
    }
    const answer = this.#queue.then(() => this.#ask(host, given));
    this.#queue = answer.catch(() => undefined);
    return await answer;
  }

  #readReach(): ConfigReach {
    // ssh(1) takes the home directory from the password database, not from $HOME.
    const folder = join(userInfo().homedir, '.ssh');
    if (this.#file !== undefined) return configReach(this.#file, folder);
    return widest(
      configReach(join(folder, 'config'), folder),
      configReach('/etc/ssh/ssh_config', '/etc/ssh'),
    );
  }

  async #ask(host: string, given: { user?: string; port?: number }): Promise<SshOptions> {
    const argv = ['-G'];
    if (this.#file !== undefined) argv.push('-F', this.#file);
    if (given.user !== undefined) argv.push('-l', given.user);
    if (given.port !== undefined) argv.push('-p', String(given.port));
    argv.push('--', host);
    return await new Promise((done, fail) => {
      const child = execFile('ssh', argv, { timeout: 10_000 }, (error, stdout, stderr) => {
        if (!error) done(parseOptions(stdout));
        else if (error.code === 'ENOENT') done(new Map());
        else {
          fail(
            new RunError('connect-failed', `ssh -G ${host} failed: ${stderr.trim() || error.message}`, {
              hint: 'mend ~/.ssh/config: what it says is the default for what the inventory leaves out',
              cause: error,
            }),
          );
        }
      });
      child.stdin?.end();
    });
  }
}

/** Parses the output of `ssh -G`: one option per line, repeated ones in order. */
export function parseOptions(text: string): SshOptions {
  const options = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space <= 0) continue;
    const name = line.slice(0, space).toLowerCase();
    const values = options.get(name);
    if (values) values.push(line.slice(space + 1).trim());
    else options.set(name, [line.slice(space + 1).trim()]);
  }
  return options;
}
