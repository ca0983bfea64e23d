/**
 * Text with which a host or a file might attack the reader of a report: clear the screen, overwrite, reorder, retitle.
 */
export const hostile = 'evil\u001b[2J\r\u009b31m\u202eabc\u0007\u2028\u001b]0;owned\u0007';

/** Whether text contains nothing that a terminal acts on, except line breaks and, with `colors`, our own colours. */
export function isSafe(text: string, colors = false): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const plain = colors ? text.replace(/\u001b\[\d+m/g, '') : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(plain);
}
