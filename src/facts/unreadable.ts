/** A host's answer isn't what its query prints. The message says what is wrong, with at most a bounded part of it. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unreadable';
  }
}

/** The beginning of a host's answer, as one line. */
export function beginning(answer: string): string {
  const text = answer.trim();
  return text.length <= 100 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 100))}…`;
}

/**
 * Applies `read` to a part of the answer of `command`.
 * @throws Unreadable if `read` fails.
 */
export function readAnswer<T>(command: string, answer: string, read: (answer: string) => T): T {
  try {
    return read(answer);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(`this isn't what ${command} prints: ${beginning(answer)}`);
  }
}
