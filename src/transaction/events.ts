import { RunError } from '../diagnostics/errors.ts';

/** What a host program reports. `id` is that of a change or a settle action in its stage. */
export type HostEvent =
  | { readonly type: 'begin' | 'ok' | 'not-run' | 'wait'; readonly id: string }
  | HostFailure
  | { readonly type: 'notice'; readonly id: string; readonly text: string }
  | { readonly type: 'end'; readonly outcome: 'ok' | 'failed' | 'stopped' | 'busy' };

/** Why a change failed, as far as the host knows. */
export interface HostFailure {
  readonly type: 'failed';
  readonly id: string;
  readonly exitCode: number;
  /** The end of the output. */
  readonly output: string;
  /** The size of the whole output in bytes, if that isn't all. */
  readonly cut?: number;
  /** Seconds after which it was killed because it took too long. */
  readonly timeout?: number;
  /** Mount points of full file systems. */
  readonly full?: readonly string[];
}

/** Of 1000 bytes in base64. */
const longestNotice = 1336;

/** The longest line is a failure's: 3000 bytes in base64 and the names of some mount points. */
const longestLine = 16 * 1024;

/** Reads an event stream piece by piece; only whole lines count, so a piece may end anywhere. */
export class EventReader {
  #rest = '';
  #read = 0;
  /** Maximum output of a program, in bytes. */
  readonly mostBytes: number;
  /** Bytes of whole lines read so far: where a follower can continue. */
  offset = 0;

  /** `ids`: the number of changes and settle actions. */
  constructor(ids: number) {
    // Notices, and the longest events for each id; what is sent again counts again.
    this.mostBytes = 2 * 1024 * 1024 + ids * longestLine;
  }

  /**
   * @throws RunError `protocol` for a line that our programs don't print, and for more output than they could print.
   */
  push(text: string): HostEvent[] {
    this.#read += text.length;
    const parts = (this.#rest + text).split('\n');
    this.#rest = parts.pop() ?? '';
    if (this.#read > this.mostBytes || [...parts, this.#rest].some(({ length }) => length > longestLine))
      throw new RunError('protocol', 'the host prints more than any program of ours');
    return parts.map((line) => {
      const event = parseEvent(line);
      this.offset += Buffer.byteLength(line) + 1;
      return event;
    });
  }

  /** Drops half a line, to continue from `offset` on another connection. */
  resume(): void {
    this.#rest = '';
  }
}

function parseEvent(line: string): HostEvent {
  const words = line.split(' ');
  const [type, id = ''] = words;
  if (
    (type === 'begin' || type === 'ok' || type === 'not-run' || type === 'wait') &&
    words.length === 2 &&
    isId(id)
  )
    return { type, id };
  if (type === 'end' && words.length === 2 && isOutcome(id)) return { type, outcome: id };
  const [, , status = '', output = '', ...more] = words;
  const reasons = more.map(parseReason);
  if (
    type === 'failed' &&
    words.length >= 4 &&
    isId(id) &&
    /^\d{1,3}$/.test(status) &&
    isBase64(output) &&
    reasons.every((reason) => reason !== undefined)
  ) {
    return { type, id, exitCode: Number(status), output: decoded(output), ...Object.assign({}, ...reasons) };
  }
  if (
    type === 'notice' &&
    words.length === 3 &&
    isId(id) &&
    isBase64(status) &&
    status.length <= longestNotice
  ) {
    return { type, id, text: decoded(status) };
  }
  throw new RunError(
    'protocol',
    `the host reported what no program of ours prints: ${JSON.stringify(line.slice(0, 200))}`,
  );
}

function parseReason(word: string): Partial<HostFailure> | undefined {
  const [, key, value = ''] = /^(cut|timeout|full)=([A-Za-z0-9+/.]+={0,2})$/.exec(word) ?? [];
  if (key === 'full')
    return isBase64(value) ? { full: decoded(value).split('\n').filter(Boolean) } : undefined;
  const isNumber = key === 'timeout' ? /^\d{1,12}(\.\d{1,20})?$/ : /^\d{1,12}$/;
  return key !== undefined && isNumber.test(value) ? { [key]: Number(value) } : undefined;
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

const outcomes = ['ok', 'failed', 'stopped', 'busy'] as const;

function isOutcome(word: string): word is (typeof outcomes)[number] {
  return outcomes.some((outcome) => outcome === word);
}

function isId(word: string): boolean {
  return /^s?[1-9]\d{0,5}$/.test(word);
}

function isBase64(word: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(word);
}
