import { escapeControl } from '../../diagnostics/escape.ts';
import { groupBy } from '../text/group.ts';
import { count, hostNames } from '../text/host-names.ts';
import { listing } from '../text/many-rows.ts';
import type { FacetTable } from './facet-table.ts';
import type { Shape } from './fold.ts';
import { sharedWords } from './many-fields.ts';

/**
 * One row for hosts with the same number of fields, and one for what all have in common; none if all fields are shown.
 */
export function manyFieldsRows(shape: Shape): FacetTable['rows'] {
  const all = shape.flatMap(({ host, many }) => (many === undefined ? [] : [{ host, ...many }]));
  const [first, ...others] = all;
  if (first === undefined) return [];
  let { common } = first;
  for (const other of others) common = sharedWords(common, other.common);
  const total = all.reduce((sum, many) => sum + many.count, 0);
  return [
    ...(common.length === 0 ? [] : [['each', escapeControl(common.join(' '))]]),
    ...groupBy(all, (many) => `${many.count}`).map((equal) => [
      hostNames(equal.map(({ host }) => host)),
      count(equal[0].count, 'field'),
    ]),
    ['in all', `${count(total, 'field')} (${listing})`],
  ];
}
