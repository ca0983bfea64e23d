/** Maximum levels of nested lists and objects: more than a playbook can have, so more than meshbook ever writes. */
export const mostLevels = 200;

/** Walking a deeper value may never end. The message is a sentence without a full stop. */
export class TooDeep extends Error {
  /** The position in the text where it becomes too deep. */
  readonly position: number;

  constructor(position: number) {
    super(`it has more than ${mostLevels} levels of lists and objects inside each other`);
    this.name = 'TooDeep';
    this.position = position;
  }
}

/**
 * The value of a JSON text from an untrusted file.
 * @throws TooDeep, or SyntaxError as `JSON.parse` does.
 */
export function parseJson(text: string): unknown {
  const position = whereTooDeep(text);
  if (position !== undefined) throw new TooDeep(position);
  return JSON.parse(text);
}

function whereTooDeep(text: string): number | undefined {
  let levels = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        if (++levels > mostLevels) return at;
        break;
      case ']':
      case '}':
        levels--;
        break;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
