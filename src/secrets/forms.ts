/** Shorter texts occur everywhere. */
const shortest = 4;

/** Words and numbers that occur everywhere: masking them would hide what isn't secret, and protect nothing. */
const everywhere = /^(?:true|false|null|none|yes|no|on|off|\d{1,5})$/i;

/** Shorter lines of a secret don't reveal it. */
const shortestLine = 8;

/** A longer text is no password or key, and would appear, if at all, whole: as it is, in JSON, or in base64. */
const longest = 65_536;

/** Whether a text is distinctive enough to be masked. */
export function canBeMasked(secret: string): boolean {
  return Buffer.byteLength(secret.trim()) >= shortest && !everywhere.test(secret.trim());
}

/**
 * The texts in which a secret may appear: as it is, its lines, as JSON, YAML, XML, a URL and a shell write it, in
 * hexadecimal, and in base64 at any position within what was encoded. Only the most likely for one with more than
 * 65,536 characters. Empty for one that can't be masked.
 */
export function formsOf(secret: string): readonly string[] {
  if (!canBeMasked(secret)) return [];
  const forms = new Set<string>();
  for (const text of new Set([secret, secret.trim()]))
    for (const form of text.length > longest ? likely(text) : encoded(text)) forms.add(form);
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  if (lines.length > 1) for (const line of lines) if (line.length >= shortestLine) forms.add(line);
  return [...forms].filter(canBeMasked);
}

function likely(text: string): string[] {
  const whole = Buffer.from(text).toString('base64');
  return [text, JSON.stringify(text).slice(1, -1), whole, ...wrapped(whole)];
}

function encoded(text: string): string[] {
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  const hex = bytes.toString('hex');
  const percent = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
  return [
    text,
    json,
    JSON.stringify(json).slice(1, -1),
    // As other writers of JSON have it.
    ascii(json),
    json.replaceAll('/', '\\/'),
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    new URLSearchParams({ '': text }).toString().slice(1),
    percent.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    ...xml(text),
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", "''"),
    hex,
    hex.toUpperCase(),
    ...base64(bytes),
  ];
}

function ascii(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function xml(text: string): string[] {
  const inside = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = inside.replaceAll('"', '&quot;');
  return [inside, quoted, quoted.replaceAll("'", '&apos;'), quoted.replaceAll("'", '&#39;')];
}

/**
 * Base64 (RFC 4648) writes three bytes as four letters. The text before the secret shifts it by 0, 1 or 2 bytes; the
 * letters that depend only on the secret are the same in any context.
 */
function base64(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inner = [0, 2, 1].flatMap((skip) => {
    const length = Math.floor((bytes.length - skip) / 3) * 3;
    return length < 6 ? [] : [bytes.subarray(skip, skip + length).toString('base64')];
  });
  const forms = [whole, ...inner, ...wrapped(whole)];
  const url = (form: string) => form.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return forms.flatMap((form) => [form, url(form)]);
}

/** Its lines in columns of 64 and of 76, as PEM and MIME have them. */
function wrapped(whole: string): string[] {
  const lines = [64, 76].flatMap((columns) =>
    whole.length <= columns ? [] : (whole.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []),
  );
  return lines.filter((line) => line.length >= shortestLine);
}
