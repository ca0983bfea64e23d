import { bootPasses } from '../changes/scope.ts';
import { armedStage } from '../changes/stage.ts';
import { raw } from '../sh/sh.ts';

/** Seconds after which a boot continues without an undo that doesn't end; a oneshot unit has no limit of its own. */
const bootSeconds = 900;

type Pass = (typeof bootPasses)[number];

const [first, ...later] = bootPasses as readonly [Pass, ...Pass[]];

const unitOf = ({ scope }: Pass) => `$${scope}_unit`;
const wantedBy = ({ early }: Pass) => (early ? 'sysinit.target' : 'multi-user.target');
const linkOf = (pass: Pass) => `$units/${wantedBy(pass)}.wants/${unitOf(pass)}`;
const quoted = (paths: readonly string[]) => paths.map((path) => `"${path}"`).join(' ');

/** A unit for one pass, ordered after all earlier passes. */
function unitText(pass: Pass): string {
  const { scope, undoes, after, before, wants, early } = pass;
  const earlier = bootPasses.slice(0, bootPasses.indexOf(pass)).map(unitOf);
  return `[Unit]
Description=meshbook: undo the ${undoes} of pending run $run
${early ? 'DefaultDependencies=no\nRequiresMountsFor=$home\n' : ''}After=${[after, ...earlier].join(' ')}
${wants === undefined ? '' : `Wants=${wants}\n`}${before === undefined ? '' : `Before=${before}\n`}
[Service]
Type=oneshot
ExecStart=/bin/sh $home/control boot ${scope}
TimeoutStartSec=${bootSeconds}
`;
}

function wanted({ scope }: Pass): string {
  return `wants_${scope}() { grep -q '^scope_[0-9]*=${scope}$' "$home/${armedStage}/program"; }`;
}

function installer(pass: Pass): string {
  return `install_${pass.scope}_unit() {
  cat >"$units/${unitOf(pass)}" <<END || return
${unitText(pass)}END
  ln -sf "../${unitOf(pass)}" "${linkOf(pass)}"
}`;
}

/**
 * systemd units that undo a pending run at the next boot, one for each pass that it needs. They are on disk only while
 * the run is pending, and need no reload: only a boot reads them.
 */
export const bootUnits = raw(`units=/etc/systemd/system
${bootPasses.map((pass) => `${pass.scope}_unit=meshbook-undo-$run-${pass.scope}.service`).join('\n')}

${later.map(wanted).join('\n')}

install_boot_units() {
  if ! [ -d "$units" ]; then return 0; fi
  mkdir -p ${quoted([...new Set(bootPasses.map((pass) => `$units/${wantedBy(pass)}.wants`))])} || return
  cat >"$units/${unitOf(first)}" <<END || return
${unitText(first)}END
  ln -sf "../${unitOf(first)}" "${linkOf(first)}" || return
${later.map(({ scope }) => `  if wants_${scope}; then install_${scope}_unit || return; fi\n`).join('')}  sync -f "$units"
}

${later.map(installer).join('\n\n')}

remove_boot_units() {
  rm -f ${quoted(bootPasses.map((pass) => `$units/${unitOf(pass)}`))} \\
    ${quoted(bootPasses.map(linkOf))}
}`);

/** Ends the function if a later pass than that of the scope `$1` is still to come. */
export const unlessLast = bootPasses
  .slice(0, -1)
  .map(({ scope }, i) => {
    const wants = bootPasses.slice(i + 1).map((pass) => `wants_${pass.scope}`);
    const any = wants.length === 1 ? wants[0] : `{ ${wants.join(' || ')}; }`;
    return `  if [ "$1" = ${scope} ] && ${any}; then return 0; fi`;
  })
  .join('\n');
