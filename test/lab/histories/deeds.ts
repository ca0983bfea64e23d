import { type ByHand, handMade } from './by-hand.ts';
import { type Edit, editInWords } from './wish.ts';

/** A fault during an apply, and the progress on the host at which it happens. */
export interface Mishap {
  readonly what: 'controller killed' | 'host cut off' | 'host rebooted' | 'disk full';
  readonly at: 'prepare' | 'apply' | 'verify' | 'confirm';
  readonly host: number;
}

/** One step of a history. Plain data: a history is saved, shrunk and replayed as JSON. */
export type Deed =
  | {
      readonly do: 'apply';
      /** An edit of the files. It is reverted if the apply is refused. */
      readonly edit?: Edit;
      readonly tags?: 'bridges' | 'tunnels';
      /** Only this host, with its peers' ends or without. */
      readonly limit?: number;
      readonly peers?: 'along' | 'not looked at';
      /** Removes what is left over. */
      readonly prune?: true;
      /** The last step fails on this host. */
      readonly fails?: number;
      /** What happens to the run then, if it isn't undone everywhere. */
      readonly onFailure?: 'undo_host' | 'keep';
      /** The hosts stay armed until someone confirms the run or they undo it. */
      readonly unconfirmed?: 'confirmed later' | 'left alone';
      readonly mishap?: Mishap;
    }
  | { readonly do: 'failing runs'; readonly times: number }
  | {
      readonly do: 'undo';
      /** The newest that can be undone, the oldest, or the one before the newest. */
      readonly run: 'last' | 'oldest' | 'last but one';
      readonly force?: true;
      readonly limit?: number;
      readonly twice?: true;
      /** Not this run but all runs after it. */
      readonly backTo?: true;
    }
  | { readonly do: 'by hand'; readonly host: number; readonly what: ByHand }
  | { readonly do: 'reboot'; readonly host: number };

export type History = readonly Deed[];

export function inWords(deed: Deed): string {
  switch (deed.do) {
    case 'apply':
      return applyInWords(deed);
    case 'failing runs':
      return `${deed.times} applies of another playbook, each of which fails and is undone`;
    case 'undo': {
      if (deed.backTo) return `undo back to the ${whichRun[deed.run]}`;
      const how = [
        deed.limit === undefined ? '' : ` on host ${deed.limit} alone`,
        deed.force ? ', by force' : '',
        deed.twice ? ', twice' : '',
      ];
      return `undo the ${whichRun[deed.run]}${how.join('')}`;
    }
    case 'by hand':
      return `on host ${deed.host} somebody ${handMade[deed.what].words}`;
    case 'reboot':
      return `host ${deed.host} boots anew`;
  }
}

const whichRun = { last: 'newest run', oldest: 'oldest run', 'last but one': 'run before the newest' };

function applyInWords(deed: Extract<Deed, { do: 'apply' }>): string {
  const { edit, tags, limit, peers, prune, fails, onFailure, unconfirmed, mishap } = deed;
  const along = peers === 'along' ? ' with its peers' : '';
  const said = [
    `apply${tags === undefined ? '' : ` the steps tagged ${tags}`}`,
    limit === undefined ? '' : ` to host ${limit} alone${along}`,
    prune === undefined ? '' : ' and prune',
    edit === undefined || Object.keys(edit).length === 0 ? '' : `, where now ${editInWords(edit)}`,
    fails === undefined ? '' : `; its last step fails on host ${fails}`,
    onFailure === undefined ? '' : `, with on_failure: ${onFailure}`,
    unconfirmed === undefined ? '' : `, not confirmed, and ${unconfirmed}`,
    mishap === undefined ? '' : `; in the middle (${mishap.at}, host ${mishap.host}): ${mishap.what}`,
  ];
  return said.join('');
}

/** Numbered, a line each. */
export function historyInWords(history: History): string {
  return history.map((deed, index) => `  ${index + 1}. ${inWords(deed)}`).join('\n');
}
