// Until the CLI exists: npx tsx scripts/lab.ts up 3 | down | status | exec HOST SCRIPT | stop|start|restart|linkdown|linkup HOST   (MESHBOOK_STATE_DIR, default .meshbook)
import { spawnSync } from 'node:child_process';
import * as lab from '../src/lab/lab.ts';
import { readLab } from '../src/lab/state.ts';

const stateDir = process.env.MESHBOOK_STATE_DIR ?? '.meshbook';
const [verb, a = '', b = ''] = process.argv.slice(2);
const t0 = Date.now();
const say = (line: string) => console.log(`${((Date.now() - t0) / 1000).toFixed(1)} ${line}`);
const have = () => {
  const l = readLab(stateDir);
  if (!l) throw new Error('no lab');
  return l;
};
if (verb === 'up') {
  const l = await lab.labUp({
    stateDir,
    hosts: Number(a),
    install: true,
    docker: b !== 'nodocker',
    onProgress: say,
  });
  say(l.inventory);
} else if (verb === 'down') say(String(await lab.labDown(stateDir)));
else if (verb === 'status')
  for (const s of lab.labStatus(stateDir)?.hosts ?? [])
    say(`${s.host.name} ${s.host.address} ${s.host.underlayAddress} power=${s.power}`);
else if (verb === 'exec') {
  const r = await lab.labExec(have(), a, b);
  process.stdout.write(r.stdout);
  process.stderr.write(r.stderr);
  process.exitCode = r.exitCode;
} else if (verb === 'ssh')
  process.exitCode =
    spawnSync('ssh', [...lab.sshArguments(have(), a), ...process.argv.slice(4)], { stdio: 'inherit' })
      .status ?? 255;
else if (verb === 'stop') await lab.hostStop(have(), a);
else if (verb === 'start') await lab.hostStart(have(), a);
else if (verb === 'restart') await lab.hostRestart(have(), a);
else if (verb === 'linkdown') await lab.linkDown(have(), a);
else if (verb === 'linkup') await lab.linkUp(have(), a);
say('done');
