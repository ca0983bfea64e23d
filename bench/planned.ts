// One round of bench/plan.ts, in a process of its own: prints the seconds from files to every host's plan.
import { loadPlay } from '../src/commands/play/load-play.ts';
import { planOffline } from '../src/commands/play/plan-offline.ts';

const [inventory = '', playbook = '', facts = ''] = process.argv.slice(2);
const started = performance.now();
const play = await loadPlay(playbook, { inventory, extraVars: [], tags: [], skipTags: [] }, { peers: true });
const { value } = play.resolve();
if (value === undefined) throw new Error('the fleet has something wrong with it');
const { hosts } = planOffline(play, value.play, facts);
if (hosts.some(({ plan }) => plan.steps.some(({ changes }) => changes.length === 0)))
  throw new Error('a step has nothing to do');
console.log((performance.now() - started) / 1000);
