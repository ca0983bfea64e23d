import { createHash, createHmac } from 'node:crypto';
import { matchesWildcard } from './wildcard.ts';

/** A line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) that is neither empty nor a comment. */
export type KnownHostsLine = KnownKey | BrokenLine;

export interface KnownKey {
  readonly kind: 'key' | 'revoked' | 'authority';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As written: a comma-separated list of patterns, or one hashed name. */
  readonly names: string;
  readonly type: string;
  readonly key: Buffer;
}

/** An unreadable line. It trusts nobody, and prevents trust in a host that it may concern. */
export interface BrokenLine {
  readonly kind: 'broken';
  readonly file: string;
  readonly line: number;
  readonly names: string;
  /** It begins with a marker, so it may have been meant as `@revoked`. */
  readonly marked: boolean;
}

export type Verdict =
  | { readonly status: 'known' }
  /** `authority`: only a certificate authority vouches for the host, which this transport can't check. */
  | { readonly status: 'unknown'; readonly authority?: KnownKey }
  /** The host is known, but with another key. */
  | { readonly status: 'changed'; readonly stored: KnownKey }
  | { readonly status: 'revoked'; readonly by: KnownKey }
  /** A broken line may concern this host. */
  | { readonly status: 'unreadable'; readonly at: BrokenLine };

const markers: Readonly<Record<string, KnownKey['kind']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'authority',
};

/** Reads every line; never throws. */
export function parseKnownHosts(text: string, file: string): KnownHostsLine[] {
  const lines: KnownHostsLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    lines.push(parseLine(content, file, index + 1));
  }
  return lines;
}

function parseLine(content: string, file: string, line: number): KnownHostsLine {
  const fields = content.split(/[ \t]+/);
  const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
  const [names = '', type = '', encoded = ''] = fields;
  const kind = marker === undefined ? 'key' : markers[marker];
  const key = Buffer.from(encoded, 'base64');
  const wellFormed =
    kind !== undefined &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) &&
    keyType(key) === type &&
    // No host has such a name, but options in an authorized_keys file do.
    (names.startsWith('|') ? hashParts(names) !== undefined : !/["=]/.test(names));
  if (!wellFormed) return { kind: 'broken', file, line, names, marked: marker !== undefined };
  return { kind, file, line, names, type, key };
}

/** The type stated in a public key in SSH's wire format (RFC 4253, 6.6). */
export function keyType(key: Buffer): string | undefined {
  if (key.length < 4) return undefined;
  const length = key.readUInt32BE(0);
  return length > 0 && length <= 64 && key.length > 4 + length
    ? key.toString('latin1', 4, 4 + length)
    : undefined;
}

/** As OpenSSH prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The name of a host in known_hosts: `[host]:port` if the port isn't 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether a line's names (patterns, of which a negated one wins, or a hashed name) match this name. */
export function namesMatch(names: string, name: string): boolean {
  if (names.startsWith('|')) {
    const parts = hashParts(names);
    return parts !== undefined && createHmac('sha1', parts.salt).update(name).digest().equals(parts.hash);
  }
  let matched = false;
  for (const pattern of names.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesWildcard(pattern.slice(1), name)) return false;
    } else if (matchesWildcard(pattern, name)) {
      matched = true;
    }
  }
  return matched;
}

function hashParts(names: string): { salt: Buffer; hash: Buffer } | undefined {
  const match = /^\|1\|([A-Za-z0-9+/]+={0,2})\|([A-Za-z0-9+/]+={0,2})$/.exec(names);
  if (!match) return undefined;
  const salt = Buffer.from(match[1] ?? '', 'base64');
  const hash = Buffer.from(match[2] ?? '', 'base64');
  return salt.length === 20 && hash.length === 20 ? { salt, hash } : undefined;
}

/** The lines about one host, looked up (and hashed) once per connection. */
export interface HostLines {
  readonly lines: readonly KnownHostsLine[];
  /** Keys under the plain name of a host on another port than 22: they count if nothing else is known. */
  readonly portless: readonly KnownKey[];
}

export function linesAbout(all: readonly KnownHostsLine[], host: string, port: number): HostLines {
  const name = knownHostsName(host, port);
  const concerns = (line: KnownHostsLine, wanted: string) =>
    // A broken hash may mean any host.
    (line.kind === 'broken' && line.names.startsWith('|') && hashParts(line.names) === undefined) ||
    namesMatch(line.names, wanted);
  const plain = host.toLowerCase();
  return {
    lines: all.filter((line) => concerns(line, name) || (revokes(line) && concerns(line, plain))),
    portless:
      name === plain
        ? []
        : all.filter((line): line is KnownKey => line.kind === 'key' && concerns(line, plain)),
  };
}

function revokes(line: KnownHostsLine): boolean {
  return line.kind === 'revoked' || (line.kind === 'broken' && line.marked);
}

/**
 * What known_hosts says about a key that a host has shown. When in doubt it is never `known`: a revoked key is revoked
 * wherever else it is listed, and an unreadable line with a marker counts as a revocation.
 */
export function judge({ lines, portless }: HostLines, key: Buffer): Verdict {
  let known = false;
  let stored: KnownKey | undefined;
  let authority: KnownKey | undefined;
  let broken: BrokenLine | undefined;
  for (const line of lines) {
    if (line.kind === 'broken') {
      if (line.marked) return { status: 'unreadable', at: line };
      broken ??= line;
    } else if (line.kind === 'revoked') {
      if (line.key.equals(key)) return { status: 'revoked', by: line };
    } else if (line.kind === 'authority') {
      authority ??= line;
    } else if (line.key.equals(key)) {
      known = true;
    } else if (stored === undefined || line.type === keyType(key)) {
      stored = line;
    }
  }
  if (known) return { status: 'known' };
  if (stored) return { status: 'changed', stored };
  if (broken) return { status: 'unreadable', at: broken };
  if (portless.some((line) => line.key.equals(key))) return { status: 'known' };
  return authority ? { status: 'unknown', authority } : { status: 'unknown' };
}

/**
 * The same for several sources, such as the inventory's files and the user's own: every source that knows the host
 * must know it with this key, and none overrules another's objection.
 */
export function judgeAll(sources: readonly HostLines[], key: Buffer): Verdict {
  const verdicts = sources.map((source) => judge(source, key));
  const of = (wanted: Verdict['status']) => verdicts.find(({ status }) => status === wanted);
  const doubt = verdicts.find((verdict) => verdict.status === 'unreadable' && verdict.at.marked);
  const authority = verdicts.find((verdict) => verdict.status === 'unknown' && verdict.authority);
  const against = of('revoked') ?? doubt ?? of('changed');
  return against ?? of('known') ?? of('unreadable') ?? authority ?? { status: 'unknown' };
}
