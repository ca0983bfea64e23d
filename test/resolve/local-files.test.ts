import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { allowFolders } from '../../src/files/project.ts';
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

  it.each([
    ['its source, of many hosts', 'file: { path: /etc/motd, source: files/large }', ''],
    [
      'a secret, of many variables',
      `command: { always: true, run: "${Array.from({ length: 300 }, (_, i) => `{{ v${i} | length }}`).join('')}" }`,
      Array.from({ length: 300 }, (_, i) => `v${i}: !file files/large`).join(', '),
    ],
  ])('counts each time that it is used: %s', (_, step, vars) => {
    writeFileSync(join(folder, 'files', 'large'), 'x'.repeat(1024 * 1024));
    const playbook = `hosts: all\nvars: { ${vars} }\nsteps:\n  - { name: large, ${step} }\n`;
    const inventory = 'hosts: { "a[1:300]": }';
    expect(problems({ inventory, playbook, playbookPath: join(folder, 'pb.yml') })).toEqual([
      expect.stringMatching(
        /play-too-large the templates and files of this playbook make more than 256 million/,
      ),
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

describe('a file that a playbook names is in its project', () => {
  let home = '';
  beforeAll(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'meshbook-project-')));
    for (const path of ['repo/.git', 'repo/plays/files', 'repo/sub/.git', 'other']) {
      mkdirSync(join(home, path), { recursive: true });
    }
    for (const path of [
      'repo/.git/config',
      'repo/sub/.git/config',
      'repo/beside',
      'repo/plays/files/own',
      'other/private',
    ])
      writeFileSync(join(home, path), `${path}\n`);
    symlinkSync('../../../other/private', join(home, 'repo/plays/files/link'));
    symlinkSync('../../other', join(home, 'repo/plays/folder'));
    symlinkSync('own', join(home, 'repo/plays/files/inner'));
    symlinkSync('../../.git/config', join(home, 'repo/plays/files/git'));
    execFileSync('mkfifo', [join(home, 'repo/plays/files/pipe')]);
  });
  afterEach(() => allowFolders([]));
  afterAll(() => rmSync(home, { recursive: true }));

  const playOf = (source: string, folder = 'repo/plays') => ({
    playbookPath: join(home, folder, 'pb.yml'),
    playbook: `hosts: a\nsteps:\n  - { name: step, file: { path: /etc/x, source: ${JSON.stringify(source)} } }\n`,
  });
  const given = (source: string, folder?: string) => stepsOf(resolved(playOf(source, folder))).a;
  const refused = (source: string, folder?: string) =>
    problems(playOf(source, folder)).map((line) => line.replaceAll(home, '~').replace(/^\S*3:\d+ /, ''));

  it('accepts its own files, those beside it in the repository, and links among them', () => {
    expect(given('files/own')).toEqual(['step: repo/plays/files/own\n']);
    expect(given('files/inner')).toEqual(['step: repo/plays/files/own\n']);
    expect(given('../beside')).toEqual(['step: repo/beside\n']);
    expect(given(join(home, 'repo/beside'))).toEqual(['step: repo/beside\n']);
  });

  it.each([
    ['files above the repository', '../../other/private', '~/other/private'],
    ['absolute paths elsewhere', '/etc/passwd', '/etc/passwd'],
    ['missing files, without revealing it', '/nowhere/at/all', '/nowhere/at/all'],
    ['a link that leads out', 'files/link', '~/other/private', '~/repo/plays/files/link'],
    ['a folder that leads out', 'folder/private', '~/other/private', '~/repo/plays/folder/private'],
  ])('refuses %s', (_, source, path, link?: string) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const what = link === undefined ? path : `${link}, which leads to ${path},`;
    expect(refused(source)).toEqual([
      `file-outside-project ${what} is outside the project ~/repo (put it there, or allow its folder: --allow-files ${folder})`,
    ]);
  });

  it.each(['../.git/config', '../.GIT/config', '../sub/.git/config', 'files/git'])(
    'refuses files in .git: %s',
    (source) => {
      allowFolders([join(home, 'repo')]);
      expect(refused(source)).toEqual([expect.stringMatching(/^file-outside-project .* is in \.git/)]);
    },
  );

  it("the project is the playbook's own folder without a repository, and in the home folder", () => {
    expect(refused('../repo/beside', 'other')).toHaveLength(1);
    mkdirSync(join(home, 'other/plays'));
    writeFileSync(join(home, 'other/meshbook.yml'), '');
    expect(given('../private', 'other/plays')).toEqual(['step: other/private\n']);
    vi.stubEnv('HOME', join(home, 'other'));
    expect(refused('../private', 'other/plays')).toHaveLength(1);
    vi.unstubAllEnvs();
  });

  it('accepts a folder that the user allows, by its real path', () => {
    allowFolders([join(home, 'repo/plays/folder')]);
    expect(given('files/link')).toEqual(['step: other/private\n']);
    expect(given(join(home, 'other/private'))).toEqual(['step: other/private\n']);
  });

  it('refuses pipes and devices', () => {
    expect(refused('files/pipe')).toEqual([
      'file-not-regular ~/repo/plays/files/pipe is a named pipe, not a file',
    ]);
    allowFolders(['/dev']);
    expect(refused('/dev/zero')).toEqual(['file-not-regular /dev/zero is a device, not a file']);
  });

  it('applies to secrets of !file, too', () => {
    const play = (file: string) => ({
      ...playOf('x'),
      playbook: `hosts: a\nvars: { token: !file ${file} }\nsteps:\n  - { name: step, file: { path: /etc/x, content: "{{ token }}" } }\n`,
    });
    expect(stepsOf(resolved(play('files/own'))).a).toEqual(['step: repo/plays/files/own']);
    expect(problems(play('../../other/private'))).toEqual([
      expect.stringMatching(/secret-unavailable .*private is outside the project/),
    ]);
  });
});
