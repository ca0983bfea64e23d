import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshMesh, planPage } from '../browser/pages.ts';
import { planOf, reportOf, secretFile as secret } from '../report/fixtures.ts';

describe('the page', () => {
  let page: string;
  beforeAll(async () => {
    page = await planPage(freshMesh(3));
  });

  it('may run its own script, use its own style, and load nothing', () => {
    const policy = /content="(default-src[^"]*)"/.exec(page)?.[1] ?? '';
    const hashOf = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashOf(/<script>([\s\S]*?)<\/script>/.exec(page)?.[1])}; style-src ${hashOf(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1])}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  it('refers to nothing outside itself', () => {
    expect(page.match(/(?:src|href|action)="(?!data:|#)[^"]*"|url\(|@import/g)).toBeNull();
    expect(page.match(/https?:\/\/[^"\s)]*/g)?.filter((url) => url !== 'http://www.w3.org/2000/svg')).toEqual(
      [],
    );
  });

  it('has one script, one style and its data, each closed once', () => {
    for (const [tag, times] of [
      ['script', 2],
      ['style', 1],
      ['body', 1],
      ['main', 1],
    ] as const) {
      expect(page.match(new RegExp(`<${tag}[ >]`, 'g')), tag).toHaveLength(times);
      expect(page.match(new RegExp(`</${tag}>`, 'g')), tag).toHaveLength(times);
    }
  });

  it('is the same every time', async () => {
    expect(await planPage(freshMesh(3))).toBe(page);
  });

  it('shows nothing of a secret file except that it changes', async () => {
    const html = await planPage(reportOf(planOf('a', [secret])));
    expect(html).toContain('/etc/key');
    expect(html).not.toContain('hunter2');
  });
});
