import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OutsideProject, readBeneath, readInProject, targetInFolder } from '../../src/files/project.ts';

let home: string;
let project: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'meshbook-project-')));
  project = join(home, 'project');
  for (const folder of ['project/.git', 'project/a/b', 'project/sub', 'outside'])
    mkdirSync(join(home, folder), { recursive: true });
  for (const file of ['project/.git/config', 'project/sub/file', 'outside/file'])
    writeFileSync(join(home, file), file);
  symlinkSync('/', join(project, 'root'));
  symlinkSync('a/b', join(project, 'deep'));
});
afterEach(() => rmSync(home, { recursive: true }));

const read = (name: string, by = 'play.yml') =>
  readInProject(join(project, name), join(project, by), 1000).toString();

it.each<[string, () => string, string, string?]>([
  ['by a folder above the root', () => `root/..${home}/outside/file`, 'outside the project'],
  ['by the parent of a folder', () => 'deep/../../.git/config', 'in .git'],
  ['by links in links', () => 'deep/../../../outside/file', 'outside the project'],
  ['to a folder', () => 'deep/../../../outside', 'outside the project', '/file'],
])('resolves a link like the system: %s', (_, text, why, rest = '') => {
  symlinkSync(text(), join(project, 'link'));
  expect(() => read(`link${rest}`)).toThrow(OutsideProject);
  expect(() => read(`link${rest}`)).toThrow(why);
  expect(() => readBeneath(join(project, 'sub'), join(project, `link${rest}`), 1000)).toThrow(OutsideProject);
  if (rest === '') expect(() => targetInFolder(join(project, 'link'))).toThrow(OutsideProject);
});

it('follows links within the project, including those that leave it and come back', () => {
  symlinkSync('deep/../../sub/file', join(project, 'one'));
  symlinkSync(`root/..${project}/sub`, join(project, 'two'));
  expect([read('one'), read('two/file')]).toEqual(['project/sub/file', 'project/sub/file']);
  expect(targetInFolder(join(project, 'one'))).toBe(join(project, 'sub/file'));
});

it('a link that leads nowhere is not a file, whatever its text says', () => {
  symlinkSync('nowhere/../sub/file', join(project, 'link'));
  for (const name of ['link', 'nowhere/file', 'link/../sub/file'])
    expect(() => readInProject(`${project}/${name}`, join(project, 'play.yml'), 1000)).toThrow('ENOENT');
  expect(() => targetInFolder(join(project, 'link'))).toThrow('ENOENT');
});

it.runIf(existsSync('/proc/self/fd'))('a deleted file is outside the project', () => {
  const file = openSync(join(home, 'outside/file'), 'r');
  unlinkSync(join(home, 'outside/file'));
  symlinkSync(`/proc/self/fd/${file}`, join(project, 'link'));
  expect(() => read('link')).toThrow('ENOENT');
  closeSync(file);
});

it.runIf(existsSync('/proc/self/fd'))(
  'is not fooled by a folder that is replaced by a link meanwhile',
  async () => {
    symlinkSync(join(home, 'outside'), join(project, 'link'));
    const swap = `const { renameSync } = require('node:fs');
      const at = ${JSON.stringify(`${project}/`)};
      const turn = (a, b) => { renameSync(at + a, at + 'x'); renameSync(at + b, at + a); renameSync(at + 'x', at + b); };
      for (;;) turn('sub', 'link');`;
    const worker = new Worker(swap, { eval: true });
    const found = new Set<string>();
    for (const end = Date.now() + 2000; Date.now() < end; ) {
      try {
        found.add(read('sub/file'));
      } catch (error) {
        found.add((error as Error).name);
      }
    }
    await worker.terminate();
    expect(found).toContain('project/sub/file');
    expect(found).not.toContain('outside/file');
  },
);
