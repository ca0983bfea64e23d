/** The text on stderr, without code frames and blank lines. */
export function said(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !/^ *\d* \|/.test(line))
    .map((line) => line.trim());
}
