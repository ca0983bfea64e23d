import { describe, expect, it } from 'vitest';
import { dotFile } from '../../src/drawing/dot.ts';
import { element } from '../../src/drawing/markup.ts';
import { mermaidFile, tooMuchForMermaid } from '../../src/drawing/mermaid.ts';
import { networkOf } from '../../src/drawing/network.ts';
import { svgFile } from '../../src/drawing/svg-file.ts';
import { hostile } from '../report/hostile.ts';
import { meshOf, overlaysOf } from './networks.ts';

const triangle = networkOf({ overlays: overlaysOf(meshOf(3)) });
const evil = `x"></text><script>alert(1)</script>\\N%%{}]; -- & #35; \`@all ${hostile}`;
const evilNetwork = networkOf({ overlays: overlaysOf([[evil, 'b']], evil) });

describe('SVG', () => {
  it('has a title, a description, both colour schemes, hosts and tunnels', () => {
    const svg = svgFile(triangle, 'Three hosts');
    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).toContain('<title id="title">Three hosts</title>');
    expect(svg).toContain('<desc id="desc">3 hosts, 3 tunnels, overlays: lab</desc>');
    expect(svg).toContain('prefers-color-scheme:dark');
    for (const text of ['h1', '10.98.0.1', '10.11.0.2/16', '10.11.2.0/24', 'h2 – h3, lab']) {
      expect(svg).toContain(`>${text}<`);
    }
  });

  it('is well-formed, whatever names are', () => {
    const svg = svgFile(evilNetwork, evil);
    const open: string[] = [];
    for (const [, close, tag = '', self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(tag);
      else if (!self) open.push(tag);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/<script|&(?!#\d+;)/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no room for them
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('of 200 hosts in a full mesh is smaller than half a megabyte', () => {
    const svg = svgFile(networkOf({ overlays: overlaysOf(meshOf(200)) }), 'Many');
    expect(svg.length).toBeLessThan(500_000);
    expect(svg.match(/M\d+ \d+L/g)).toHaveLength(19_900);
  });
});

describe('dot', () => {
  it('uses our own ids for hosts, and keeps labels within their quotes', () => {
    const lines = dotFile(evilNetwork, 'x').split('\n');
    expect(lines.filter((line) => /^ {2}h\d+ (\[|--)/.test(line))).toHaveLength(3);
    for (const line of lines)
      expect(line.replace(/\\./g, '').match(/"/g)?.length ?? 0).toSatisfy((n: number) => n % 2 === 0);
    expect(lines.join('\n')).toContain('\\\\N');
  });

  it('draws each link once', () => {
    expect(dotFile(triangle, 'x').match(/--/g)).toHaveLength(3);
  });
});

describe('Mermaid', () => {
  it('draws hosts and links', () => {
    expect(mermaidFile(triangle, 'Three: "hosts"')).toBe(`---
title: "Three: \\"hosts\\""
---
flowchart LR
  %% lab: GRE, 10.11.0.0/16, MTU 1462
  h0["h1<br/>10.98.0.0<br/>10.11.0.0/16"]
  h1["h2<br/>10.98.0.1<br/>10.11.0.1/16"]
  h2["h3<br/>10.98.0.2<br/>10.11.0.2/16"]
  h0 --- h1
  h0 --- h2
  h1 --- h2
`);
  });

  it('names overlays if there are several', () => {
    const two = new Map([...overlaysOf([['a', 'b']]), ...overlaysOf([['c', 'd']], 'other')]);
    expect(mermaidFile(networkOf({ overlays: two }), 'x')).toContain('h2 ---|"other"| h3');
  });

  it.each([
    ['500 links', 501, 'x', undefined],
    ['501 links', 502, 'x', '501 links, and it takes 500 (maxEdges)'],
    ['long names', 300, 'x'.repeat(150), '64088 characters, and it takes 50000 (maxTextSize)'],
  ])('knows whether Mermaid draws %s', (_, hosts, suffix, trouble) => {
    const chain = Array.from(
      { length: hosts - 1 },
      (_, i) => [`h${i}${suffix}`, `h${i + 1}${suffix}`] as const,
    );
    const network = networkOf({ overlays: overlaysOf(chain) });
    expect(tooMuchForMermaid(network, mermaidFile(network, 'x'))).toBe(trouble);
  });

  it('keeps names within their quotes', () => {
    const text = mermaidFile(evilNetwork, 'x');
    for (const line of text.split('\n').slice(4)) {
      const inside = /"(.*)"/.exec(line)?.[1] ?? '';
      expect(inside.replaceAll('<br/>', '').replace(/#\d+;/g, '')).not.toMatch(/["<>&#`{}[\]@]/);
    }
  });
});

it('an element escapes its content, and is closed', () => {
  expect(element('a', { href: '"&', no: undefined }, '<b>', 1, element('path', { d: 'M0' })).markup).toBe(
    '<a href="&#34;&#38;">&#60;b&#62;1<path d="M0"/></a>',
  );
});
