import { expect, it } from 'vitest';
import { namesIn } from '../../src/template/context.ts';
import { renderValue } from '../../src/template/render.ts';
import { nowhere } from './source.ts';

it('renders 10,000 hosts of six steps in a second', () => {
  const params = {
    bridge: 'newbridge',
    fixed_cidr: '{{ overlay.lab.fixed_cidr }}',
    mtu: '{{ overlay.lab.mtu | default(1500) }}',
  };
  const start = performance.now();
  for (let i = 0; i < 60_000; i++) {
    const overlay = { lab: { fixed_cidr: `10.0.${i & 255}.0/28`, mtu: 1462 } };
    const { value } = renderValue(params, namesIn({ overlay }), nowhere, ['params']);
    if (i === 7) expect(value).toEqual({ bridge: 'newbridge', fixed_cidr: '10.0.7.0/28', mtu: 1462 });
  }
  expect(performance.now() - start).toBeLessThan(3000); // a second on an idle machine; the margin is for a busy one
});
