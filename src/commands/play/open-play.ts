import { RunError } from '../../diagnostics/errors.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { readRegular, UnfitFile } from '../../files/read-file.ts';
import type { ResolvedPlay } from '../../model/resolved.ts';
import { type Fleet, openFleet } from '../../run/open-fleet.ts';
import { createSshTransport } from '../../transport/ssh.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Io } from '../output/io.ts';
import { type LoadedPlay, resolveWith } from './load-play.ts';
import type { ConnectOptions } from './options.ts';

/**
 * The transport, by the command line.
 * @throws RunError if a password is unavailable from its given source.
 */
export function transportFor(options: ConnectOptions, io: Io): Transport {
  const password = becomePassword(options, io);
  return createSshTransport({
    acceptNewHostKeys: options.acceptNewHostKeys ?? false,
    tell: (what) => io.err(`warning: ${escapeControl(what)}\n`),
    ...(options.knownHosts === undefined ? {} : { knownHostsFile: options.knownHosts }),
    ...(io.interactive ? { ask: io.askSecret } : {}),
    ...(password === undefined ? {} : { becomePassword: password }),
  });
}

function becomePassword(options: ConnectOptions, io: Io): (() => Promise<string>) | undefined {
  if (options.becomePasswordFile !== undefined) {
    const password = readPassword(options.becomePasswordFile);
    return async () => password;
  }
  if (!options.askBecomePass) return undefined;
  if (!io.interactive) {
    const hint = 'use --become-password-file, or a sudo rule without a password';
    throw new RunError('state', '--ask-become-pass needs a terminal to ask on', { hint });
  }
  return () => io.askSecret('Password for sudo: ');
}

const maxPasswordBytes = 1024 * 1024;

function readPassword(file: string): string {
  try {
    return readRegular(file, maxPasswordBytes, { streams: true })
      .bytes.toString('utf8')
      .replace(/\r?\n$/, '');
  } catch (cause) {
    const { message } = cause as Error;
    const why =
      cause instanceof UnfitFile
        ? `the password file ${file} ${message}`
        : `can't read the password file ${file}: ${message}`;
    throw new RunError('become-failed', why, { cause });
  }
}

/** Connects, probes and plans. @throws InvalidInput if the play can't be resolved with the hosts' facts. */
export function openPlay(
  play: LoadedPlay,
  first: ResolvedPlay,
  options: Parameters<typeof openFleet>[2],
): Promise<Fleet> {
  return openFleet(first, (facts) => resolveWith(play, facts).play, options);
}
