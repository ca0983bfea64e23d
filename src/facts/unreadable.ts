/** A host's answer isn't what its query prints. The message says what is wrong, with at most a bounded part of it. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unreadable';
  }
}

/** The beginning of what a host has said, as one line. */
export function beginning(answer: string): string {
  const text = answer.trim();
  return text.length <= 100 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 100))}…`;
}

/**
 * What `read` makes of a part of an answer, that of `command`.
 * @throws Unreadable when `read` fails on it.
 */
export function readAnswer<T>(command: string, answer: string, read: (answer: string) => T): T {
  try {
    return read(answer);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`this isn't what ${command} prints: ${beginning(answer)}`);
  }
}
