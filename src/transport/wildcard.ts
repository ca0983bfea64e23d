/**
 * Whether a text matches a pattern of ssh_config(5): `*` is any run of characters, `?` is any one character, and
 * everything else is literal. At most |pattern| × |text| steps, whatever the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    // The star comes first: a text may contain a literal `*`.
    if (pattern[p] === '*') {
      star = p;
      starText = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      starText += 1;
      t = starText;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
