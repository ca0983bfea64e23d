import type { PageData, PageHost } from '../data.ts';
import { all, byId } from './dom.ts';

/** The text that a search for hosts looks at. Peers are left out: in a mesh, each host has all others. */
function textOf({ name, address, underlay, groups, memberships, steps, trouble, peer }: PageHost): string {
  const places = memberships.flatMap(({ overlay, bridgeAddress, fixedCidr }) => [
    overlay,
    bridgeAddress,
    fixedCidr,
  ]);
  const objects = steps.flatMap((step) => [step.name, step.kind, ...step.changes.map(({ what }) => what)]);
  return [name, address, underlay, ...groups, ...places, ...objects, trouble, peer].join('\n').toLowerCase();
}

/** Shows in the list only the hosts that match the search and the filters, and dims the others in the picture. */
export function setUpFilters({ hosts }: PageData): void {
  const texts = hosts.map(textOf);
  const search = byId<HTMLInputElement>('search');
  const chosen = (id: string) => (document.getElementById(id) as HTMLSelectElement | null)?.value ?? '';
  const buttons = all<HTMLButtonElement>('#list button');
  const drawn = all<SVGGElement>('#picture .host');
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [risk, kind, state] = [chosen('risk'), chosen('kind'), chosen('state')];
    const left = hosts.map(
      (host, i) =>
        words.every((word) => texts[i]?.includes(word)) &&
        (risk === '' || host.risks.some((one) => one === risk)) &&
        (kind === '' || host.steps.some((step) => step.kind === kind)) &&
        (state === '' || host.state === state),
    );
    for (const [i, button] of buttons.entries()) (button.parentElement as HTMLElement).hidden = !left[i];
    for (const group of drawn) group.classList.toggle('faint', !left[Number(group.dataset.host)]);
    const count = left.filter(Boolean).length;
    const total = `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`;
    byId('found').textContent = count === hosts.length ? total : `${count} of ${total}`;
    rove(buttons);
  };
  for (const id of ['search', 'risk', 'kind', 'state'])
    document.getElementById(id)?.addEventListener('input', apply);
  rove(buttons);
}

/** Makes exactly one of the visible buttons reachable with the Tab key: the selected one, or the first. */
export function rove(
  buttons: readonly (HTMLElement | SVGElement)[],
  current?: HTMLElement | SVGElement,
): void {
  const shown = buttons.filter((button) => !button.parentElement?.hidden);
  const one =
    current ?? shown.find((button) => button.tabIndex === 0 && button.hasAttribute('tabindex')) ?? shown[0];
  for (const button of buttons) button.setAttribute('tabindex', button === one ? '0' : '-1');
}

/** Arrow keys, Home and End move between buttons. */
export function moveByKeys(event: KeyboardEvent, buttons: readonly (HTMLElement | SVGElement)[]): void {
  const shown = buttons.filter((button) => !button.parentElement?.hidden);
  const at = shown.indexOf(event.target as HTMLElement);
  const to = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: shown.length - 1,
  }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const next = shown[(to + shown.length) % shown.length];
  rove(buttons, next);
  next?.focus();
}
