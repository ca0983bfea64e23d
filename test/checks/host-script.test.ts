import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileChecks } from '../../src/checks/host-script.ts';
import type { CheckResult } from '../../src/checks/result.ts';
import type { CheckTask } from '../../src/checks/tasks.ts';
import type { CheckAction } from '../../src/model/check-types.ts';

const nonce = 'a0b1c2d3e4f5';

function task(action: CheckAction, more: Partial<CheckTask> = {}): CheckTask {
  return { check: 0, source: 'a', target: 'b', action, timeout: 2, retry: 0, ...more };
}

const command = (run: string, more: Partial<CheckTask> = {}) =>
  task({ kind: 'command', params: { run } }, more);

function sh(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('sh', ['-s'], (error, stdout, stderr) =>
      error || stderr !== '' ? reject(error ?? new Error(stderr)) : resolve(stdout),
    );
    child.stdin?.end(script);
  });
}

async function made(...tasks: CheckTask[]): Promise<CheckResult[]> {
  const { script, parse } = compileChecks(tasks, nonce);
  return parse(await sh(script.text));
}

describe('the checks of a host, run by a real sh', () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/missing' ? 404 : 200;
    response.end(`you asked for ${request.url}\n`);
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  it('report what passed and what failed, with the output', async () => {
    const results = await made(
      command('exit 0'),
      command("echo 'it''s bad'; echo worse >&2; exit 3", { check: 1 }),
      command('exit 201', { check: 2 }),
      command('sleep 30', { check: 3, timeout: 0.3 }),
      command('echo busy; exit 124', { check: 4, timeout: 60 }),
    );
    expect(results.map(({ check, state, output }) => [check, state, output])).toEqual([
      [0, 'ok', ''],
      [1, 'failed', 'its bad\nworse'],
      [2, 'failed', 'exit status 1'],
      [3, 'failed', 'no answer within 0.3 s'],
      [4, 'failed', 'busy'],
    ]);
  });

  it('are retried until the time limit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshbook-checks-'));
    const [late, never] = await made(
      command(`cd ${folder}; echo x >>f; test "$(wc -l <f)" -ge 3`, { retry: 10 }),
      command('exit 1', { retry: 1 }),
    );
    expect([late?.state, never?.state]).toEqual(['ok', 'failed']);
    rmSync(folder, { recursive: true });
  });

  it('run in batches, and all results come back in order', async () => {
    const many = Array.from({ length: 50 }, (_, i) => command(`test ${i} -ne 33`, { target: `h${i}` }));
    const results = await made(...many);
    expect(results.filter(({ state }) => state !== 'ok').map(({ target }) => target)).toEqual(['h33']);
    expect(results.map(({ target }) => target)).toEqual(many.map(({ target }) => target));
  });

  it('may print a lot, or binary data, and only the end is kept', async () => {
    const [result] = await made(
      command("head -c 100000 /dev/zero | tr '\\0' x; printf '\\033[2J\\377'; exit 1"),
    );
    expect(result?.output.length).toBeLessThan(1600);
    expect(result?.output).toContain('xxx\u001b[2J');
  });

  it('open connections and query web servers', async () => {
    const url = (path: string) => `http://127.0.0.1:${port}${path}`;
    const http = (path: string, more: object) => task({ kind: 'http', params: { url: url(path), ...more } });
    const results = await made(
      task({ kind: 'tcp', params: { address: '127.0.0.1', port } }),
      task({ kind: 'tcp', params: { address: '127.0.0.1', port: 1 } }),
      http('/it', { contains: 'for /it' }),
      http('/it', { contains: "somebody's else" }),
      http('/missing', {}),
      http('/missing', { status: 404 }),
    );
    expect(results.map(({ state }) => state)).toEqual(['ok', 'failed', 'ok', 'failed', 'failed', 'ok']);
    expect(results[3]?.output).toContain("does not contain: somebody's else");
    expect(results[4]?.output).toContain('expected status 200, got 404');
  });

  it('are quoted, whatever their text', () => {
    const { script } = compileChecks(
      [
        task({ kind: 'http', params: { url: "http://x/$(reboot)';reboot", contains: '`reboot`' } }),
        task({ kind: 'ping', params: { address: 'h', container: 'c' } }),
      ],
      nonce,
    );
    expect(script.text).toContain(`'http://x/$(reboot)'\\'';reboot'`);
    expect(script.text).toContain("'`reboot`'");
  });
});

describe('a ping', () => {
  const words = (params: object) =>
    compileChecks([task({ kind: 'ping', params: { address: '10.0.0.1', ...params } })], nonce).script.text;

  it.each([
    [{ mtu: 1462 }, '-M do -s 1434 10.0.0.1'],
    [{ mtu: 1462, address: 'fd00::1' }, '-M do -s 1414 fd00::1'],
    [{ mtu: 1462, df: false }, '-w 2 -s 1434 10.0.0.1'],
    [{ size: 100, df: true }, '-M do -s 100 10.0.0.1'],
    [{ count: 6 }, '-c 6 -w 3 10.0.0.1'],
    [{ container: 'web' }, 'inside web timeout -k 1 3 ping'],
  ])('with %j reports %s', (params, expected) => {
    expect(words(params)).toContain(expected);
  });
});

describe("a host's answer", () => {
  const { parse } = compileChecks([command('x'), command('y', { target: 'c' })], nonce);
  const good = `${nonce} 0 0 3 \n${nonce} 1 1 12 bm8=\n${nonce} end\n`;

  it('is accepted if it is complete', () => {
    expect(parse(good).map(({ target, state, output }) => [target, state, output])).toEqual([
      ['b', 'ok', ''],
      ['c', 'failed', 'no'],
    ]);
    expect(parse(`${nonce} 1 201 9 bm8=\n${nonce} 0 0 9 \n${nonce} end\n`)[1]?.state).toBe('unknown');
  });

  it.each([
    ['nothing', ''],
    ['a cut end', good.slice(0, -5)],
    ['a banner', `Welcome!\n${good}`],
    ['another nonce', good.replaceAll(nonce, 'ffff')],
    ['one check twice', good.replace(`${nonce} 1 1`, `${nonce} 0 1`)],
    ['a check that is not ours', good.replace(`${nonce} 1 1`, `${nonce} 7 1`)],
    ['one check too few', good.replace(`${nonce} 0 0 3 \n`, '')],
    ['text after the end', `${good}more\n`],
    ['an invalid status', good.replace('1 1 12 bm8=', '1 x 12 bm8=')],
    ['an invalid time', good.replace('1 1 12 bm8=', '1 1 x bm8=')],
    ['an output that is not encoded', good.replace('bm8=', '\u001b[2J')],
  ])('is refused with %s', (_, output) => {
    expect(() => parse(output)).toThrow(/the host's answer/);
  });
});
