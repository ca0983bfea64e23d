import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlProgram } from '../../src/transaction/control.ts';

const control = controlProgram({ holder: 'me@here', confirmTimeout: 120, hardCap: 3600 });
const at = 'at=2026-01-01T00:00:00Z';

let transactions: string;
let age = 0;
beforeEach(() => {
  transactions = join(mkdtempSync(join(tmpdir(), 'meshbook-folders-')), 'transactions');
  mkdirSync(transactions);
  age = 0;
});
afterEach(() => rmSync(join(transactions, '..'), { recursive: true }));

/** A run's folder on the host; each new one is older than the one before. */
function folder(name: string, report?: string): string {
  const home = join(transactions, name);
  mkdirSync(join(home, 'main'), { recursive: true });
  writeFileSync(join(home, 'control'), control);
  writeFileSync(join(home, 'token'), 'secret\n');
  writeFileSync(join(home, 'main', 'journal'), '1\n');
  if (report !== undefined) {
    // The report has spare room.
    writeFileSync(join(home, 'report'), `${report} ${at}\n\n\n\n`);
    age += 1000;
    utimesSync(join(home, 'report'), 1_700_000_000 - age, 1_700_000_000 - age);
  }
  return home;
}

/** One more run ends. */
function end(how: 'confirmed' | 'undone'): void {
  const home = folder('the-newest');
  const [verb, ...words] = how === 'confirmed' ? ['confirm'] : ['undo', 'asked'];
  const input = how === 'confirmed' ? 'secret\n' : '';
  execFileSync('sh', [join(home, 'control'), verb as string, ...words], { input });
}

const there = () => readdirSync(transactions).sort();

describe("the folders that a host keeps when a run ends: a run's undo", () => {
  it.each(['confirmed', 'undone'] as const)(
    'stays while the run is in force, however many undone runs follow (one more %s)',
    (how) => {
      for (let n = 0; n < 14; n++) folder(`tried-${n}`, 'undone by=asked ok');
      folder('good', 'confirmed');
      folder('first', 'confirmed');
      end(how);
      expect(there().filter((name) => !name.startsWith('tried'))).toEqual(['first', 'good', 'the-newest']);
      // The newest is one of the ten if it is undone itself.
      expect(there().filter((name) => name.startsWith('tried'))).toHaveLength(how === 'undone' ? 9 : 10);
      expect(existsSync(join(transactions, 'tried-0'))).toBe(true);
      expect(existsSync(join(transactions, 'tried-13'))).toBe(false);
    },
  );

  it('stays while it has anything left to undo, or may be unfinished', () => {
    for (let n = 0; n < 12; n++) folder(`tried-${n}`, 'undone by=timer ok');
    folder('left-something', 'undone by=asked ok left=2');
    folder('failed', 'undone by=boot failed');
    folder('pending');
    const brought = join(folder('brought-packages', 'undone by=asked ok'), 'packages');
    mkdirSync(brought);
    writeFileSync(join(brought, 'journal'), '1\n');
    end('confirmed');
    const others = ['brought-packages', 'failed', 'left-something', 'pending', 'the-newest'];
    expect(there().filter((name) => !name.startsWith('tried'))).toEqual(others);

    // Once its packages are gone as well, it is the oldest of those that are finished.
    writeFileSync(join(brought, 'undo.events'), 'begin 1\nok 1\nend ok\n');
    execFileSync('sh', [join(transactions, 'the-newest', 'control'), 'undo', 'asked']);
    expect(there()).not.toContain('brought-packages');
  });

  it('is removed for a run that did only its packages, once these are undone', () => {
    const journal = (stage: string, text: string) => {
      mkdirSync(join(home, stage), { recursive: true });
      writeFileSync(join(home, stage, 'journal'), text);
    };
    for (let n = 0; n < 12; n++) folder(`tried-${n}`, 'undone by=timer ok');
    const home = folder('packages-only', 'confirmed');
    journal('main', '');
    journal('packages', '1\n');
    end('confirmed');
    expect(there()).toContain('packages-only');
    writeFileSync(join(home, 'packages', 'undo.events'), 'end ok\n');
    execFileSync('sh', [join(transactions, 'the-newest', 'control'), 'undo', 'asked']);
    expect(there()).not.toContain('packages-only');
  });
});

it('a folder is removed at once, and an interrupted removal is completed with the next one', () => {
  for (let n = 0; n < 12; n++) folder(`tried-${n}`, 'undone by=asked ok');
  const home = folder('the-newest');
  writeFileSync(
    join(home, 'control'),
    control.replaceAll('rm -rf', () => 'kill -KILL $$; exit; :'),
  );
  expect(() => execFileSync('sh', [join(home, 'control'), 'confirm'], { input: 'secret\n' })).toThrow(
    'Command failed',
  );
  expect(there()).toContain('.gone-tried-10');
  expect(there()).not.toContain('tried-10');
  writeFileSync(join(home, 'control'), control);
  execFileSync('sh', [join(home, 'control'), 'undo', 'asked']);
  expect(there().filter((name) => name.startsWith('.') || name === 'tried-11')).toEqual([]);
});

describe("a run's report on its host", () => {
  it('is one line, although its room was reserved before', () => {
    const home = folder('the-newest');
    writeFileSync(join(home, 'report.part'), '\n'.repeat(512));
    execFileSync('sh', [join(home, 'control'), 'confirm'], { input: 'secret\n' });
    expect(readFileSync(join(home, 'report'), 'utf8')).toMatch(/^confirmed at=2[\d:TZ-]+\n$/);
    execFileSync('sh', [join(home, 'control'), 'undo', 'asked']);
    expect(readFileSync(join(home, 'report'), 'utf8')).toMatch(/^undone by=asked ok at=2[\d:TZ-]+\n$/);
  });
});
