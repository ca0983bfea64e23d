/** Colours by purpose, light and dark; text on `ground` and `host` has a contrast of at least 4.5 to 1. */
const light =
  '--ink:#1f2328;--soft:#59636e;--line:#8c959f;--ground:#ffffff;--host:#f6f8fa;--create:#1a7f37;--update:#9a6700;--delete:#cf222e;--unknown:#8250df;--calm:#6e7781;--o0:#0969da;--o1:#1a7f37;--o2:#8250df;--o3:#bc4c00;--o4:#bf3989;--o5:#1b7c83';
const dark =
  '--ink:#e6edf3;--soft:#9198a1;--line:#656c76;--ground:#0d1117;--host:#161b22;--create:#3fb950;--update:#d29922;--delete:#f85149;--unknown:#a371f7;--calm:#848d97;--o0:#58a6ff;--o1:#3fb950;--o2:#a371f7;--o3:#f0883e;--o4:#f778ba;--o5:#39c5cf';

/** The palette's variables for an element, light or dark by the system's choice. */
export function paletteFor(selector: string): string {
  return `${selector}{${light}}@media(prefers-color-scheme:dark){${selector}{${dark}}}`;
}

const states = ['create', 'update', 'delete', 'unknown'].map(
  (state) =>
    `.network .${state} path{stroke:var(--${state})}.network .link-sign.${state} text{fill:var(--${state})}.network .link-sign.${state} circle{stroke:var(--${state})}`,
);
const overlays = [0, 1, 2, 3, 4, 5].map((i) => `.network .link.o${i} path{stroke:var(--o${i})}`);

/**
 * The picture's style; it needs the palette's variables. Dashes and widths distinguish states without colour.
 */
export const pictureStyle = [
  `.network text{fill:var(--ink);font:14px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}`,
  `.network .name{font-weight:600;font-size:15px}.network .name.small{font-size:12.5px;paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}`,
  `.network .soft{fill:var(--soft);font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}`,
  `.network :not(.host)>.soft{paint-order:stroke;stroke:var(--ground);stroke-width:4px}.network .label{font-family:system-ui,sans-serif}`,
  `.network .link path{fill:none;stroke:var(--calm);stroke-width:1.75;stroke-linecap:round}`,
  ...overlays,
  ...states,
  `.network .link.create path{stroke-width:2.75}.network .link.update path{stroke-width:2.5;stroke-dasharray:9 5}.network .link.delete path{stroke-width:2.25;stroke-dasharray:2 5}.network .link.unknown path{stroke-width:1.5;stroke-dasharray:1 6}`,
  `.network .link-sign circle{fill:var(--ground);stroke:var(--calm);stroke-width:1.5}.network .link-sign text{font-weight:700;text-anchor:middle;fill:var(--calm)}`,
  `.network .some .link path{stroke-width:1.25;opacity:.7}.network .some .unchanged path,.network .some .unknown path{opacity:.5}.network .some .create path,.network .some .update path,.network .some .delete path{stroke-width:1.75;opacity:1}.network .many .link path{stroke-width:.7;stroke-linecap:butt}`,
  `.network .body{fill:var(--host);stroke:var(--line);stroke-width:1.25}.network .badge{fill:var(--ground);stroke:var(--calm);stroke-width:2}.network .sign{font-size:13px;font-weight:700;text-anchor:middle;fill:var(--calm)}`,
  `.network .plain .badge{fill:var(--o0);stroke:var(--ground)}.network .plain .body{stroke:var(--o0)}`,
  ...(
    [
      ['changes', 'update'],
      ['unknown', 'unknown'],
      ['unreachable', 'delete'],
      ['peer', 'update'],
      ['gone', 'delete'],
    ] as const
  ).map(
    ([state, color]) =>
      `.network .host.${state} .body,.network .host.${state} .badge{stroke:var(--${color})}.network .host.${state} .sign{fill:var(--${color})}`,
  ),
  `.network .host.changes .body{stroke-width:2}.network .host.unknown .body{stroke-dasharray:1 5;stroke-linecap:round;stroke-width:2}.network .host.unreachable .body,.network .host.gone .body,.network .host.outside .body,.network .host.peer .body{stroke-dasharray:6 4}`,
].join('\n');
