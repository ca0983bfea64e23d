import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { userScript } from '../../src/sh/user-script.ts';

function run(script: string, shell = 'sh') {
  const input = userScript(script, ['-k', 1, 10]).text;
  const { status, stdout, stderr } = spawnSync(shell, ['-s'], { input: `${input}\n`, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe("a user's script", () => {
  it.each(['sh', 'bash'])(
    'is in no argument list and no environment, not even of its child processes (%s)',
    (shell) => {
      const look =
        'cat /proc/[0-9]*/cmdline /proc/$$/environ /proc/self/environ 2>/dev/null | tr "\\0" "\\n"';
      const { status, stdout } = run(`: a-secret-word\nenv\n${look}\nsh -c '${look}; env'`, shell);
      expect(status).toBe(0);
      expect(stdout).toContain('sh\n-c\n');
      // The script itself passes the inner sh its text, and nothing more.
      expect(stdout).not.toContain('a-secret-word');
    },
  );

  it('gets no input, not even its own text', () => {
    const { stdout } = run(
      `cat\n${'# so long that a shell would read it in parts\n'.repeat(1000)}cat <&3 2>/dev/null || echo closed`,
    );
    expect(stdout).toBe('closed\n');
  });

  it.each([
    ['true', 0],
    ['exit 7', 7],
    ['false', 1],
    ['set -e; false; true', 1],
    ["[ \"it's\" = 'it'\\''s' ]", 0],
    ['if', 2],
  ])('exits with its own status: %s', (script, status) => {
    expect(run(script).status).toBe(status);
  });
});
