import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** No background activity of the browser: no updates, no sync, no network. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** The part after `#`. */
  readonly hash?: string;
}

export interface TestBrowser {
  /** Opens a page from a file, as a reviewer does; records its error messages and its network requests. */
  open(html: string, look?: Look): Promise<{ page: Page; complaints: string[]; requests: string[] }>;
  close(): Promise<void>;
}

export async function startBrowser(executablePath: string): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'meshbook-browser-'));
  const browser: Browser = await chromium.launch({ executablePath, args });
  let pages = 0;
  return {
    open: async (html, { width = 1400, height = 900, colorScheme = 'light', hash = '' } = {}) => {
      const file = join(folder, `${pages++}.html`);
      writeFileSync(file, html);
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      const url = pathToFileURL(file).href;
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
          requests.push(request.url());
      });
      await page.goto(hash === '' ? url : `${url}#${hash}`);
      return { page, complaints, requests };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
