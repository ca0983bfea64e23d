import type { Network } from '../../drawing/network.ts';
import { networkOf } from '../../drawing/network.ts';
import { type PageAssets, pageHtml } from '../../page/html.ts';
import { type PlanReport, plansOf } from '../../report/plan/plan-report.ts';

/** Inserted by scripts/build.ts. */
declare const PAGE_ASSETS: PageAssets;

/** A plan as a page. */
export function planPage(report: PlanReport): string {
  const overlays = new Map(report.hosts.map(({ plan, overlays }) => [plan.host, overlays]));
  const unreachable = new Set(report.unreachable.keys());
  const network = networkOf({
    overlays,
    planned: { plans: plansOf(report), unreachable, peers: report.peers ?? [] },
  });
  return pageHtml(report.play, network, report, PAGE_ASSETS);
}

/** The topology alone as a page. */
export function networkPage(title: string, network: Network): string {
  return pageHtml(title, network, undefined, PAGE_ASSETS);
}
