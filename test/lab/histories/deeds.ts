import { type ByHand, handMade } from './by-hand.ts';
import { type Edit, editInWords } from './wish.ts';

/** What goes wrong in the middle of an apply, and when it has come so far on the host. */
export interface Mishap {
  readonly what: 'controller killed' | 'host cut off' | 'host rebooted' | 'disk full';
  readonly at: 'prepare' | 'apply' | 'verify' | 'confirm';
  readonly host: number;
}

/** One step of a history. Plain data: a history is kept, shrunk and played again as JSON. */
export type Deed =
  | {
      readonly do: 'apply';
      /** What the files say from now on. They say it no longer when the apply is refused. */
      readonly edit?: Edit;
      readonly tags?: 'bridges' | 'tunnels';
      /** Only this host, with its peers' ends or without. */
      readonly limit?: number;
      readonly peers?: 'along' | 'not looked at';
      /** The last step fails on this host. */
      readonly fails?: number;
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
      const how = [
        deed.limit === undefined ? '' : ` on host ${deed.limit} alone`,
        deed.force ? ', by force' : '',
        deed.twice ? ', twice' : '',
      ];
      const which = { last: 'newest run', oldest: 'oldest run', 'last but one': 'run before the newest' };
      return `undo the ${which[deed.run]}${how.join('')}`;
    }
    case 'by hand':
      return `on host ${deed.host} somebody ${handMade[deed.what].words}`;
    case 'reboot':
      return `host ${deed.host} boots anew`;
  }
}

function applyInWords({ edit, tags, limit, peers, fails, mishap }: Extract<Deed, { do: 'apply' }>): string {
  const along = peers === 'along' ? ' with its peers' : '';
  const said = [
    `apply${tags === undefined ? '' : ` the steps tagged ${tags}`}`,
    limit === undefined ? '' : ` to host ${limit} alone${along}`,
    edit === undefined || Object.keys(edit).length === 0 ? '' : `, where now ${editInWords(edit)}`,
    fails === undefined ? '' : `; its last step fails on host ${fails}`,
    mishap === undefined ? '' : `; in the middle (${mishap.at}, host ${mishap.host}): ${mishap.what}`,
  ];
  return said.join('');
}

/** Numbered, a line each. */
export function historyInWords(history: History): string {
  return history.map((deed, index) => `  ${index + 1}. ${inWords(deed)}`).join('\n');
}
