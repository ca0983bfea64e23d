import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

// The format of ansible-vault (Ansible's documentation, "Ansible Vault payload format 1.1 - 1.2"; measured against
// ansible-core 2.14): a line of fields, then the hexadecimal of three hexadecimal texts in lines of 80 columns.

const columns = 80;

/** Whether a text is a vault, by its first line. */
export function isVault(text: string): boolean {
  return text.trimStart().startsWith('$ANSIBLE_VAULT;');
}

/** The label of a vault, a hint for its password; undefined if it has none. */
export function labelOf(text: string): string | undefined {
  return text.trimStart().split(/\r?\n/, 1)[0]?.split(';')[3]?.trim();
}

/**
 * The content of a vault, or why it can't be read: `damaged`, not a vault in a known format; `password`, encrypted
 * with another password.
 */
export function openVault(text: string, password: string): Buffer | 'damaged' | 'password' {
  const [header = '', ...body] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const [, version = '', cipher = ''] = header.split(';').map((field) => field.trim());
  const parts = Buffer.from(body.join(''), 'hex').toString('latin1').split('\n');
  const [salt, sum, encrypted] = parts.map((part) => Buffer.from(part, 'hex'));
  if (!/^1\.[12]$/.test(version) || cipher !== 'AES256') return 'damaged';
  if (salt === undefined || sum?.length !== 32 || encrypted === undefined || encrypted.length === 0)
    return 'damaged';
  const { key, sumKey, start } = keysOf(password, salt);
  if (!timingSafeEqual(createHmac('sha256', sumKey).update(encrypted).digest(), sum)) return 'password';
  const padded = Buffer.concat([createDecipheriv('aes-256-ctr', key, start).update(encrypted)]);
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
}

/** A vault of the content, as ansible-vault writes it; `label` says which password opens it. Ends in a line break. */
export function makeVault(
  content: Buffer,
  password: string,
  label = 'default',
  salt = randomBytes(32),
): string {
  const { key, sumKey, start } = keysOf(password, salt);
  // PKCS #7 (RFC 5652, 6.3).
  const padding = 16 - (content.length % 16);
  const padded = Buffer.concat([content, Buffer.alloc(padding, padding)]);
  const encrypted = createCipheriv('aes-256-ctr', key, start).update(padded);
  const sum = createHmac('sha256', sumKey).update(encrypted).digest('hex');
  const inner = [salt.toString('hex'), sum, encrypted.toString('hex')].join('\n');
  const body =
    Buffer.from(inner)
      .toString('hex')
      .match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
  const header = label === 'default' ? '$ANSIBLE_VAULT;1.1;AES256' : `$ANSIBLE_VAULT;1.2;AES256;${label}`;
  return `${[header, ...body].join('\n')}\n`;
}

function keysOf(password: string, salt: Buffer) {
  const derived = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  return { key: derived.subarray(0, 32), sumKey: derived.subarray(32, 64), start: derived.subarray(64) };
}
