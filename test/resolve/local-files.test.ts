import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factsOf, problems, resolved, stepsOf } from './play.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-resolve-'));
  mkdirSync(join(folder, 'files'));
  for (const [name, content] of Object.entries({
    'motd.txt': 'not a {{ template }}\n',
    'motd.j2': 'I am {{ host.name }},\n{% for word in words %}\n{{ word }}\n{% endfor %}\n',
    'comment.j2': 'a\n{#- only for readers -#}\n',
    'lone.j2': '{{ words }}',
    'number.j2': '{{ words | length }}',
    'wrong.j2': 'one\ntwo {{ nothing }}\n',
    'syntax.j2': 'one\n{% if true %}\n',
    'facts.j2': 'family {{ facts.os.family }}\n',
  })) {
    writeFileSync(join(folder, 'files', name), content);
  }
  writeFileSync(join(folder, 'files', 'binary'), Buffer.from([0, 1, 2]));
});
afterAll(() => rmSync(folder, { recursive: true }));

function play(param: string) {
  return {
    playbookPath: join(folder, 'pb.yml'),
    playbook: `hosts: all\nvars: { words: [x, y] }\nsteps:\n  - { name: motd, file: { path: /etc/motd, ${param} } }\n`,
  };
}

describe('a file beside the playbook', () => {
  it.each([
    ['source: files/motd.txt', 'not a {{ template }}\n'],
    ['template: files/motd.j2', 'I am a,\nx\ny\n'],
    ['template: "files/{{ \'motd.j2\' }}"', 'I am a,\nx\ny\n'],
    ['template: files/number.j2', '2'],
    ['template: files/comment.j2', 'a'],
  ])('%s', (param, content) => {
    expect(stepsOf(resolved(play(param))).a).toEqual([`motd: ${content}`]);
  });

  it('may have an absolute path', () => {
    expect(stepsOf(resolved(play(`source: ${folder}/files/motd.txt`))).a).toEqual([
      'motd: not a {{ template }}\n',
    ]);
  });

  it('is rendered for each host', () => {
    expect(stepsOf(resolved(play('template: files/motd.j2'))).b).toEqual(['motd: I am b,\nx\ny\n']);
  });

  it('may need facts', () => {
    const text = play('template: files/facts.j2');
    expect(resolved(text).play).toMatchObject({ needsFacts: true, hosts: [{ steps: [] }, { steps: [] }] });
    const facts = new Map([['a', factsOf('redhat')]]);
    expect(stepsOf(resolved({ ...text, limit: 'a', facts })).a).toEqual(['motd: family redhat\n']);
  });

  it.each([
    ['source: files/motd', /^pb:4:52 file-not-found there is no file .*files\/motd$/],
    ['source: files', /^pb:4:52 file-is-directory /],
    ['source: files/binary', /^pb:4:52 file-not-text .*NUL byte on line 1/],
    ['template: files/wrong.j2', /^files\/wrong\.j2:2:8 undefined-variable 'nothing' is not defined/],
    ['template: files/syntax.j2', /^files\/syntax\.j2:2:1 template-syntax this \{% if %\} is never closed/],
    [
      'template: files/lone.j2',
      /^files\/lone\.j2:1:1 not-text the template gives a list, and a file holds text/,
    ],
  ])('%s is reported once, at its place', (param, expected) => {
    const said = problems(play(param)).map((line) =>
      line
        .replace(`${folder}/`, '')
        .replace(/^(?!files)/, 'pb:')
        .replace('pb:pb.yml:', 'pb:'),
    );
    expect(said).toEqual([expect.stringMatching(expected)]);
  });
});
