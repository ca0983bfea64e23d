import { escapeControl } from '../../diagnostics/escape.ts';
import type { Phase, RunEvent } from '../../run/events.ts';
import { painter } from '../text/paint.ts';
import { troubleDetail } from '../text/trouble-text.ts';
import { summaryWords } from '../text/words.ts';
import type { Reporter } from './reporter.ts';

/**
 * Lines for pipes and logs: each is complete in itself, begins with its host, and has no control codes. Only finished
 * work is reported, so that grep can separate a hundred hosts.
 */
export function plainReporter(write: (text: string) => void): Reporter {
  const troubled = new Set<string>();
  return {
    handle(event) {
      const failed = event.type === 'trouble' || (event.type === 'check' && event.state === 'failed');
      if (failed) troubled.add(event.host);
      for (const line of linesOf(event, troubled)) write(`${line}\n`);
    },
    aside: (work) => work(),
    close: async () => {},
  };
}

const done: Partial<Record<Phase, string>> = { verify: 'verified', check: 'checked' };

function linesOf(event: RunEvent, troubled: ReadonlySet<string>): string[] {
  switch (event.type) {
    case 'run-started':
      return [
        `run ${escapeControl(event.run)}: ${event.verb} on ${event.hosts.length} ${event.hosts.length === 1 ? 'host' : 'hosts'}`,
      ];
    case 'phase': {
      if (event.phase === 'undo')
        return event.state === 'begin' ? [`${escapeControl(event.host)}: undoing`] : [];
      const said = done[event.phase];
      // A phase also ends for a host that failed in it.
      return event.state === 'end' && said !== undefined && !troubled.has(event.host)
        ? [`${escapeControl(event.host)}: ${said}`]
        : [];
    }
    case 'change': {
      // The trouble that follows a failure has more detail.
      if (event.state === 'begin' || event.state === 'failed') return [];
      const what = escapeControl(summaryWords(event.summary));
      const notRun = event.state === 'not-run' ? 'did not run, nothing to do: ' : '';
      return [`${escapeControl(event.host)}: ${notRun}${event.verb === 'undo' ? 'undo ' : ''}${what}`];
    }
    case 'notice':
      return [`${escapeControl(event.host)}: ${escapeControl(event.message)}`];
    // A failed check becomes a trouble of the run; unknown ones are reported at the end, for all hosts at once.
    case 'check':
      return [];
    case 'trouble': {
      const { code, message, step, output } = event.trouble;
      const detail = troubleDetail(event.trouble, {
        paint: painter(false),
        width: Number.POSITIVE_INFINITY,
        indent: 2,
      });
      return [
        step !== undefined || output !== undefined
          ? `${escapeControl(event.host)}: FAILED: ${escapeControl(message)}`
          : `${escapeControl(event.host)}: ERROR ${escapeControl(code)}: ${escapeControl(message)}`,
        ...detail.map((line) => `${escapeControl(event.host)}: ${line}`),
      ];
    }
    // An undo shows conflicts before it asks.
    case 'conflict':
    case 'run-finished':
      return [];
  }
}
