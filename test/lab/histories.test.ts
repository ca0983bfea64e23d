import { describe, expect, it } from 'vitest';
import { lab, stateDir } from './cli.ts';
import { labMachines } from './faults/machines.ts';
import { type History, historyInWords } from './histories/deeds.ts';
import { type Ground, type Played, playHistory } from './histories/play.ts';
import { search } from './histories/search.ts';

/** The hosts that all lab tests share: a history without a finding leaves them unchanged. */
const ground: Ground = { machines: async () => labMachines(lab()), spoil: () => {} };

function expectNothing(history: History, { error, log }: Played): void {
  if (error !== undefined) expect.fail(`${historyInWords(history)}\n${error.message}\n\n${log.join('\n')}`);
}

// `npm run histories` plays random ones for as long as asked. These once found something.
describe.skipIf(stateDir === '').sequential('a history of runs', () => {
  it.each<readonly [string, History]>([
    [
      'a host comes and goes, and the oldest run is undone first',
      [
        { do: 'apply', edit: { hosts: [1, 2], bridge: '' } },
        { do: 'apply', edit: { hosts: [1, 2, 3] } },
        { do: 'apply', edit: { hosts: [1, 2] } },
        { do: 'undo', run: 'oldest' },
      ],
    ],
    [
      'a host, the overlay and the bridges are renamed',
      [
        { do: 'apply' },
        { do: 'apply', edit: { renamed: [2], overlay: 'mesh' } },
        { do: 'apply', prune: true, edit: { bridge: 'br-mesh', ovs: 'ovs_b2' } },
      ],
    ],
    [
      'a controller is killed before its run is stored anywhere, and nothing is left of that run to undo',
      [{ do: 'apply', mishap: { what: 'controller killed', at: 'prepare', host: 1 } }],
    ],
  ])('%s', { timeout: 300_000 }, async (_title, history) => {
    expectNothing(history, await playHistory(ground, history));
  });

  it('continues at random', { timeout: 300_000 }, async () => {
    const kind = { hosts: 3, docker: false };
    const found = await search(ground, { seed: 83, kind, known: new Set(), patience: 0 });
    for (const { history, played } of found) expectNothing(history, played);
  });
});
