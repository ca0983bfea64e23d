import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { PlanReport } from '../../src/report/plan/plan-report.ts';
import { checkOf, planOf, reportOf, secretFile } from '../report/fixtures.ts';
import { hostile } from '../report/hostile.ts';
import { type Look, startBrowser, type TestBrowser } from './browser.ts';
import { changingMesh, freshMesh, networkPage, planPage } from './pages.ts';

const chromium = inject('chromium');
let browser: TestBrowser;
let opened: Awaited<ReturnType<TestBrowser['open']>> | undefined;

async function open(html: Promise<string>, look?: Look): Promise<Page> {
  opened = await browser.open(await html, look);
  return opened.page;
}

function plan(report: PlanReport, look?: Look): Promise<Page> {
  return open(planPage(report), look);
}

const listed = (page: Page) => page.locator('#list button:visible .name').allTextContents();
const heading = (page: Page) => page.locator('#detail h2').textContent();
const drawn = (page: Page) => page.locator('#picture .scroll > svg:visible');
const active = (page: Page) =>
  page.evaluate<string>('document.activeElement.querySelector(".name").textContent');

const groundColor = 'getComputedStyle(document.documentElement).backgroundColor';

/** Contrast of text on its background, as WCAG defines it. */
async function contrast(page: Page, selector: string): Promise<number> {
  const color = `getComputedStyle(document.querySelector('${selector}')).color`;
  const [text, ground] = await page.evaluate<string[]>(`[${color}, ${groundColor}]`);
  const light = (color = '') => {
    const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [one, other] = [light(text), light(ground)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

describe.skipIf(chromium === '')('the page of a plan', () => {
  beforeAll(async () => {
    browser = await startBrowser(chromium);
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    // No errors, no requests.
    expect({ complaints: opened?.complaints, requests: opened?.requests }).toEqual({
      complaints: [],
      requests: [],
    });
    await opened?.page.close();
    opened = undefined;
  });

  it('shows counts, risks, and what is done on all hosts', async () => {
    const page = await plan(freshMesh(3));
    expect(await page.title()).toBe('Docker hosts joined by GRE');
    expect(await page.locator('.counts').innerText()).toBe('3 hosts\n18 changes\n15 + create\n3 ~ update');
    expect(await page.locator('header .risks').innerText()).toContain('restarts Docker');
    expect(await page.locator('.overview').innerText()).toContain('OVS ports ovs_bridge on all 3 hosts');
  });

  it('draws the network before and after', async () => {
    const page = await plan(freshMesh(3));
    expect(await drawn(page).locator('.link.create').count()).toBe(3);
    await page.getByRole('button', { name: 'Before', exact: true }).click();
    expect(await drawn(page).count()).toBe(1);
    expect(await drawn(page).locator('.link').count()).toBe(0);
    expect(await drawn(page).locator('.host').count()).toBe(3);
    await page.getByRole('button', { name: 'After', exact: true }).click();
    expect(await drawn(page).locator('.link').count()).toBe(3);
  });

  it('shows what happens to hosts and tunnels by sign and in words', async () => {
    const page = await plan(changingMesh(6));
    const names = await drawn(page).locator('.link title').allTextContents();
    expect(names).toContain('h1 – h6, lab: is made');
    expect(names).toContain('h1 – h2, lab: is changed');
    expect(names).toContain('h4 – h5, lab: not known');
    expect(names).not.toContain('h1 – old, lab: is removed');
    expect(await page.locator('.legend').innerText()).toContain('unreachable');
    await page.getByRole('button', { name: 'Before', exact: true }).click();
    expect(await drawn(page).locator('.link title').allTextContents()).toContain('h1 – old, lab: is removed');
    expect(await drawn(page).locator('.host .sign').allTextContents()).toEqual([
      '±',
      '±',
      '=',
      '?',
      '✕',
      '±',
      '−',
    ]);
  });

  it('shows the plan of a host when it is clicked in the picture or in the list', async () => {
    const page = await plan(changingMesh(6));
    await drawn(page).locator('.host').nth(0).click();
    expect(await heading(page)).toBe('h1');
    expect(await page.locator('#detail pre').innerText()).toContain('-two\n+2');
    expect(await page.locator('#detail .risks').innerText()).toContain('restarts Docker');
    expect(await page.locator('#detail .peers').innerText()).toContain('− is removed');
    await page.locator('#list button', { hasText: 'h5' }).click();
    expect(await heading(page)).toBe('h5');
    expect(await page.locator('#detail').innerText()).toContain('no route to host (connect-failed)');
    await page.locator('#list button', { hasText: 'h4' }).click();
    expect(await page.locator('#detail').innerText()).toContain(
      'unknown: the Open vSwitch database is not running',
    );
    await page.locator('#detail [data-go]', { hasText: 'h2' }).click();
    expect(await heading(page)).toBe('h2');
    await page.goBack();
    await page.locator('#detail h2', { hasText: 'h4' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('.overview').count()).toBe(1);
  });

  it('names unselected peers that need a change', async () => {
    const step = { index: 0, name: 'Tunnels' };
    const { hosts, ...report } = changingMesh(4);
    const page = await plan({
      ...report,
      hosts: hosts.slice(0, 2),
      peers: [
        { host: 'h3', answer: 'change', tunnels: [{ step, to: ['h1', 'h2'] }], reasons: [] },
        { host: 'h4', answer: 'unknown', tunnels: [], reasons: ['nothing is known of it'] },
      ],
    });
    const said = await page.locator('header [aria-label=Peers]').innerText();
    expect(said).toContain('h3: 2 tunnels to h1, h2 (1. Tunnels)');
    expect(said).toContain('h4: not known: nothing is known of it');
    expect(await drawn(page).locator('.host.peer title').textContent()).toContain('would also change');
    await drawn(page).locator('.host.peer').click();
    expect(await page.locator('#detail .peer').innerText()).toBe(
      'Would have to change, too: 2 tunnels to h1, h2 (1. Tunnels)',
    );
    await page.locator('#list button', { hasText: 'h4' }).click();
    expect(await page.locator('#detail .peer').innerText()).toBe('not known: nothing is known of it');
  });

  it('opens at the host in its URL', async () => {
    expect(await heading(await plan(freshMesh(3), { hash: 'host=docker2' }))).toBe('docker2');
  });

  it('can be used with the keyboard alone', async () => {
    const page = await plan(freshMesh(20));
    await page.keyboard.press('/');
    await page.keyboard.type('docker1');
    expect(await page.locator('#found').innerText()).toBe('11 of 20 hosts');
    // After the filters, all hosts are one tab stop.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await active(page)).toBe('docker1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('docker11');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    expect(await heading(page)).toBe('docker19');
    await drawn(page).locator('.host[tabindex="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('docker2');
    // The picture is one tab stop, too.
    expect(await drawn(page).locator('[tabindex="0"]').count()).toBe(1);
  });

  it('finds hosts, and filters them by risk, kind and state', async () => {
    const page = await plan(changingMesh(6));
    await page.fill('#search', '192.0.2.2');
    expect(await listed(page)).toEqual(['h2']);
    await page.fill('#search', 'mesh.conf');
    expect(await listed(page)).toEqual(['h1']);
    expect(await drawn(page).locator('.host.faint').count()).toBe(6);
    await page.fill('#search', '');
    await page.selectOption('#risk', 'restarts-docker');
    expect(await listed(page)).toEqual(['h1']);
    await page.selectOption('#risk', '');
    await page.selectOption('#kind', 'ovs_tunnels');
    expect(await listed(page)).toEqual(['h1', 'h2', 'h4', 'h6']);
    await page.selectOption('#kind', '');
    await page.selectOption('#state', 'unreachable');
    expect(await listed(page)).toEqual(['h5']);
    await page.fill('#search', 'nowhere');
    expect(await page.locator('#found').innerText()).toBe('0 of 7 hosts');
  });

  it.each([3, 20])('of %i hosts fits into the width of a phone', async (hosts) => {
    const page = await plan(freshMesh(hosts), { width: 360, height: 740 });
    const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
    expect(await width()).toBe(360);
    await page.locator('#list button').first().click();
    expect(await heading(page)).toBe('docker1');
    expect(await width()).toBe(360);
    const top = await page.evaluate<number>("document.querySelector('#detail').getBoundingClientRect().top");
    expect(top).toBeLessThan(740 * 0.75);
  });

  it.each([4, 5, 6])('has a separate sign for each tunnel in a mesh of %i', async (hosts) => {
    const page = await plan(freshMesh(hosts), { width: 1280 });
    const signs = await drawn(page).locator('.link-sign circle').all();
    const at = await Promise.all(
      signs.map(async (sign) => [
        Number(await sign.getAttribute('cx')),
        Number(await sign.getAttribute('cy')),
      ]),
    );
    expect(at).toHaveLength((hosts * (hosts - 1)) / 2);
    for (const [i, [x = 0, y = 0]] of at.entries())
      for (const [x2 = 0, y2 = 0] of at.slice(i + 1))
        expect(Math.hypot(x - x2, y - y2), `${x},${y} and ${x2},${y2}`).toBeGreaterThan(18);
  });

  it('gives the picture most of a screen of 1280 columns', async () => {
    const page = await plan(freshMesh(4), { width: 1280 });
    const box = await page.locator('#picture').boundingBox();
    expect(box?.width).toBeGreaterThan(1280 * 0.6);
  });

  it('breaks long words after punctuation, and keeps their text', async () => {
    const path = '/etc/systemd/system/docker.service.d/meshbook.conf';
    const page = await plan(reportOf(planOf('a', [{ ...secretFile, path } as Change])));
    await page.locator('#list button').first().click();
    expect(await page.locator('#detail h3').textContent()).toContain(path);
    expect(await page.locator('#detail h3 wbr').count()).toBeGreaterThan(3);
  });

  it.each(['light', 'dark'] as const)('is readable when it is %s', async (colorScheme) => {
    const page = await plan(changingMesh(6), { colorScheme });
    await page.locator('#list button').first().click();
    const ground = await page.evaluate<string>(groundColor);
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(255, 255, 255)');
    for (const selector of [
      'h1',
      '.soft',
      '.counts .create',
      '.counts .update',
      '.counts .unknown',
      '#detail ins',
      '#detail del',
      '#detail .risk',
    ]) {
      expect(await contrast(page, selector), selector).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('of 200 hosts in a full mesh loads and responds', async () => {
    const html = planPage(freshMesh(200));
    expect((await html).length).toBeLessThan(8_000_000);
    const page = await open(html);
    expect(await drawn(page).locator('.host').count()).toBe(200);
    await page.fill('#search', 'docker150');
    expect(await listed(page)).toEqual(['docker150']);
    await page.locator('#list button:visible').click();
    expect(await heading(page)).toBe('docker150');
    expect(await page.locator('#detail .peers tr').count()).toBe(199);
    const lines = await drawn(page).locator('.mine').getAttribute('d');
    expect(lines?.match(/M/g)).toHaveLength(199);
  });

  it('runs nothing that comes from a host or a file', async () => {
    const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)> ${hostile}`;
    const base = planOf('h1', { name: evil, kind: evil, unknowns: [evil] });
    const report: PlanReport = {
      ...reportOf(base, planOf(evil, [])),
      play: evil,
      playbook: evil,
      newLeases: [evil],
      checks: [checkOf(evil, 'command', { h1: { run: evil } })],
      unreachable: new Map([['x', { code: 'x', message: evil }]]),
    };
    const page = await plan(report);
    expect(await page.locator('h1').textContent()).toContain('</script><script>alert(1)');
    await page.locator('#list button').first().click();
    expect(await page.locator('#detail').textContent()).toContain('<img src=x onerror=alert(2)>');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.content()).not.toContain('\u202e');
  });

  it("of a topology alone has no plan, and shows each host's place", async () => {
    const page = await open(networkPage(4));
    expect(await page.locator('.toggle').count()).toBe(0);
    expect(await drawn(page).locator('.link').count()).toBe(6);
    await page.locator('#list button').nth(1).click();
    expect(await page.locator('#detail dl').innerText()).toContain('10.11.1.0/24');
    expect(await page.locator('#detail .peers tr').count()).toBe(3);
  });
});
