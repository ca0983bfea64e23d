import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';

/** The part of listr2's running entry that is used here. */
interface Entry {
  title: string | undefined;
}

/**
 * A region of lines at the bottom of a terminal that is redrawn in place: listr2 with one entry per line and only our
 * text in them. On its own, listr2 renders everything again for each change of an entry.
 */
export class Screen {
  readonly #entries: Entry[] = [];
  readonly #output: ProcessOutput;
  readonly #listr: Listr<unknown, typeof OwnPace, 'silent'>;
  #whenOpen: Promise<void> | undefined;
  #ended: Promise<unknown> | undefined;
  #finish: () => void = () => {};
  #asides = 0;

  /** `size`: the maximum number of entries. */
  constructor(stream: NodeJS.WriteStream, size: number) {
    this.#output = new ProcessOutput(stream, process.stderr, { leaveEmptyLine: false });
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    let open = () => {};
    this.#whenOpen = new Promise((resolve) => {
      open = resolve;
    });
    const entries = Array.from({ length: size }, () => ({
      task: (_: unknown, entry: Entry) => {
        if (this.#entries.push(entry) === size) open();
        return finished;
      },
    }));
    this.#listr = new Listr<unknown, typeof OwnPace, 'silent'>(entries, {
      concurrent: true,
      exitOnError: false,
      // cli.ts handles signals: listr2 would end the process.
      registerSignalListeners: false,
      renderer: OwnPace,
      rendererOptions: { lazy: true, logger: new ListrLogger({ processOutput: this.#output }) },
    });
  }

  open(): void {
    this.#ended ??= this.#listr.run();
  }

  /**
   * Shows a text for each entry, and nothing for one without. A text may have several lines, none of them too wide.
   */
  draw(texts: readonly (string | undefined)[]): void {
    if (this.#asides > 0 || this.#entries.length < texts.length) return;
    for (const [i, text] of texts.entries()) {
      const entry = this.#entries[i];
      if (entry !== undefined && text !== undefined && entry.title !== text) entry.title = text;
    }
    this.#renderer?.draw();
  }

  /** Leaves the terminal to `work` for a while. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended === undefined) return work();
    await this.#whenOpen;
    if (this.#asides++ === 0) {
      this.#renderer?.clear();
      this.#output.release();
    }
    try {
      return await work();
    } finally {
      if (--this.#asides === 0) this.#output.hijack();
    }
  }

  /** Draws once more and leaves the result on the terminal. */
  async close(last: () => void): Promise<void> {
    await this.#whenOpen;
    last();
    this.#finish();
    await this.#ended;
  }

  get #renderer(): OwnPace | undefined {
    return this.#listr['renderer' as never] as OwnPace | undefined;
  }
}

/** listr2's renderer, but it draws on request only, and doesn't change lines. */
class OwnPace extends DefaultRenderer {
  // Whether the stream is a terminal is already decided.
  static override nonTTY = true;

  override update(): void {}

  draw(): void {
    super.update();
  }

  clear(): void {
    // biome-ignore lint/complexity/useLiteralKeys: it is private to listr2
    (this['updater'] as { clear(): void }).clear();
  }

  protected override style(): string {
    return '';
  }

  protected override format(message: string): string[] {
    return message.split('\n');
  }
}
