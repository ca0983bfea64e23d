import type { PageData } from '../data.ts';
import { detailOf } from './detail.ts';
import { all, byId } from './dom.ts';
import { moveByKeys, rove, setUpFilters } from './list.ts';

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
const listButtons = all<HTMLButtonElement>('#list button');
const pictures = all<SVGSVGElement>('#picture .scroll > svg');
const detail = byId('detail');
const hint = [...detail.childNodes];

/** The selected host's index; undefined: none. */
let chosen: number | undefined;

function choose(index: number | undefined): void {
  if (chosen === index && index !== undefined) {
    reveal();
    return;
  }
  chosen = index;
  for (const button of listButtons) {
    const isIt = Number(button.dataset.host) === index;
    if (isIt) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
    if (isIt) {
      rove(listButtons, button);
      if (!button.parentElement?.hidden) button.scrollIntoView({ block: 'nearest' });
    }
  }
  for (const svg of pictures) mark(svg, index);
  detail.replaceChildren(...(index === undefined ? hint : detailOf(data, index)));
  detail.scrollTop = 0;
  if (index !== undefined) reveal();
}

/** Highlights the selected host and its tunnels. */
function mark(svg: SVGSVGElement, index: number | undefined): void {
  svg.querySelector('.mine')?.remove();
  for (const host of svg.querySelectorAll<SVGGElement>('.host')) {
    const isIt = Number(host.dataset.host) === index;
    host.classList.toggle('chosen', isIt);
    host.setAttribute('aria-pressed', String(isIt));
  }
  svg.classList.toggle('choosing', index !== undefined);
  if (index === undefined) return;
  const after = svg.dataset.when === 'after';
  const lines = data.links.flatMap(([a, b, , atA, atB]) => {
    if (a !== index && b !== index) return [];
    const gone = after ? 'delete' : 'create';
    const isThere = [atA, atB].some((state) => state !== gone && state !== 'absent');
    return isThere ? [`M${data.places[a]?.join(' ')}L${data.places[b]?.join(' ')}`] : [];
  });
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('class', 'mine');
  path.setAttribute('d', lines.join(''));
  // Below the links, so that their states stay visible; above them if they are only a haze.
  svg.querySelector('.links:not(.many), .hosts')?.before(path);
}

/** The URL names the selected host, so that it can be shared and the browser's Back button works. */
function go(index: number | undefined): void {
  choose(index);
  const name = index === undefined ? undefined : data.hosts[index]?.name;
  location.hash = name === undefined ? '' : `host=${encodeURIComponent(name)}`;
}

function fromAddress(): void {
  const name = decodeURIComponent(/^#host=(.*)$/.exec(location.hash)?.[1] ?? '');
  const index = data.hosts.findIndex((host) => host.name === name);
  choose(index < 0 ? undefined : index);
}

/** On a narrow screen the plan is below the list. */
function reveal(): void {
  if (detail.getBoundingClientRect().top > innerHeight * 0.7) detail.scrollIntoView();
}

function show(when: string): void {
  for (const svg of pictures) svg.toggleAttribute('hidden', svg.dataset.when !== when);
  for (const button of all<HTMLButtonElement>('.toggle button')) {
    button.setAttribute('aria-pressed', String(button.dataset.when === when));
  }
}

for (const svg of pictures) {
  const hosts = [...svg.querySelectorAll<SVGGElement>('.host')];
  for (const host of hosts) host.setAttribute('role', 'button');
  svg.setAttribute('role', 'group');
  rove(hosts);
  svg.addEventListener('click', (event) => {
    const host = (event.target as Element).closest<SVGGElement>('.host');
    if (host !== null) go(Number(host.dataset.host));
  });
  svg.addEventListener('keydown', (event) => {
    const host = (event.target as Element).closest<SVGGElement>('.host');
    if (host !== null && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      go(Number(host.dataset.host));
    } else moveByKeys(event, hosts);
  });
}
byId('list').addEventListener('keydown', (event) => moveByKeys(event, listButtons));
byId('list').addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>('button');
  if (button !== null) go(Number(button.dataset.host));
});
detail.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>('[data-go]');
  if (button === null) return;
  go(Number(button.dataset.go));
  detail.focus();
});
for (const button of all<HTMLButtonElement>('.toggle button')) {
  button.addEventListener('click', () => show(button.dataset.when ?? 'after'));
}
addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    byId('search').focus();
  }
  if (event.key === 'Escape' && !isTyping && chosen !== undefined) go(undefined);
});
addEventListener('hashchange', fromAddress);
setUpFilters(data);
show('after');
fromAddress();
