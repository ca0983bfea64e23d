/** Levels of lists and objects inside each other: more than a playbook can have, and so more than is ever written of it. */
export const mostLevels = 200;

/** Whoever walks through such a value may never come back. The message is a sentence without a full stop. */
export class TooDeep extends Error {
  /** Where in the text it becomes too deep. */
  readonly position: number;

  constructor(position: number) {
    super(`it has more than ${mostLevels} levels of lists and objects inside each other`);
    this.name = 'TooDeep';
    this.position = position;
  }
}

/**
 * The value of a JSON text that may have come with somebody else's files.
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
