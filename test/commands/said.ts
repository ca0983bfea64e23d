/** What is said on stderr, without the code frames and blank lines in between. */
export function said(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !/^ *\d* \|/.test(line))
    .map((line) => line.trim());
}
