// Writes docs/images/plan-page.png, a picture of a plan's page, with Chromium.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { changingMesh, planPage } from '../test/browser/pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'meshbook-page-'));
const file = join(folder, 'plan.html');
writeFileSync(file, await planPage(changingMesh(8)));
const browser = await chromium.launch({
  executablePath: process.argv[2] ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1680, height: 960 }, colorScheme: 'light' });
await page.goto(`${pathToFileURL(file).href}#host=h1`);
await page.screenshot({ path: join(import.meta.dirname, '../docs/images/plan-page.png') });
await browser.close();
rmSync(folder, { recursive: true });
