/** One `key=value` of an `-e` option, and its offset there. */
export interface Pair {
  readonly key: string;
  readonly value: string;
  readonly start: number;
}

/**
 * The pairs in an `-e` option, separated by white space outside quotes and brackets, as in Ansible. If there is only
 * one key, everything after its `=` is the value: `a=two words`. Empty: it begins with no `key=`. `unclear`: there are
 * several keys, and words that may belong to the value before them.
 */
export function pairsOf(option: string): readonly Pair[] | 'unclear' {
  const words = wordsOf(option);
  const pairs = words.flatMap(({ text, start }) => {
    const [, key, value] = /^([^\s={}[\]:,'"]+)=(.*)$/s.exec(text) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value, start }];
  });
  const [first] = pairs;
  if (first === undefined || first.start !== words[0]?.start) return [];
  if (pairs.length === 1) return [{ ...first, value: option.slice(first.start + first.key.length + 1) }];
  return pairs.length === words.length ? pairs : 'unclear';
}

/** Words, with white space only inside quotes that begin a value and inside brackets. */
function wordsOf(text: string): { text: string; start: number }[] {
  const words: { text: string; start: number }[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const start = at;
    for (let depth = 0; at < text.length && (depth > 0 || !/\s/.test(text.charAt(at))); at++) {
      const sign = text.charAt(at);
      if ('[{'.includes(sign)) depth++;
      if (']}'.includes(sign)) depth--;
      if ((sign === '"' || sign === "'") && /[=[{,:\s]/.test(text.charAt(at - 1))) at = endOfQuote(text, at);
    }
    words.push({ text: text.slice(start, at), start });
  }
  return words;
}

/**
 * The offset of the closing quote, or of the text's last character. In double quotes a backslash escapes, as in YAML
 * and in shells.
 */
function endOfQuote(text: string, open: number): number {
  const quote = text.charAt(open);
  for (let at = open + 1; at < text.length; at++) {
    if (quote === '"' && text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === quote) return at;
  }
  return text.length - 1;
}
