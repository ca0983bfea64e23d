import { afterAll, describe, expect, it } from 'vitest';
import { type Change, primitiveOf, recheckOf } from '../../src/changes/registry.ts';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { type FactQuery, type Facts, factId } from '../../src/facts/fact.ts';
import { interfacesFact } from '../../src/facts/interfaces.ts';
import { routesFact } from '../../src/facts/routes.ts';
import { lines, raw, sh } from '../../src/sh/sh.ts';
import type { HostEvent } from '../../src/transaction/events.ts';
import { on as execute, prepared, read } from './on-host.ts';
import { lab, stateDir } from './own-lab.ts';
import { clean, dockerRestarts, looking, type Sample, samples } from './samples.ts';

const host = 'docker3';
const on = (script: string) => execute(lab(), host, script);
const ended = { type: 'end', outcome: 'ok' };

/** `SAMPLES=file,link`: only those of these types of changes. */
const chosen = process.env.SAMPLES?.split(',');
const { package: packages, ...others } = samples;
const samplesOf = (types: Readonly<Record<string, readonly Sample[]>>) =>
  Object.entries(types).flatMap(([type, all]) => (chosen?.includes(type) === false ? [] : all));
const changesOf = (all: readonly Sample[]) => all.flatMap(({ changes }) => changes);

/** What every sample's look prints, by its title. */
async function seen(all: readonly Sample[]): Promise<Record<string, string>> {
  const mark = '= the next look =';
  const script = [looking, ...all.map(({ look }) => `${look}\necho '${mark}'`)].join('\n');
  // `ip -brief` pads its columns by the numbers of interfaces.
  const looks = (await on(script)).replace(/ +/g, ' ').split(`${mark}\n`);
  return Object.fromEntries(all.map(({ title }, i) => [title, looks[i] ?? '']));
}

function queriesOf(changes: readonly Change[]): FactQuery<unknown>[] {
  const asked = changes.flatMap((change) => recheckOf(change)?.queries(change) ?? []);
  return [...new Map([interfacesFact, ...asked].map((query) => [factId(query), query])).values()];
}

function partsOf(changes: readonly Change[], facts: Facts) {
  return changes.map((change) => recheckOf(change)?.parts(change, facts));
}

/** Facts as an undo must restore them. */
function canonical(facts: Facts, queries: readonly FactQuery<unknown>[]) {
  return queries.map(({ family, key }) => family.canonical(facts.get({ family, key })));
}

/** As far as they can be predicted: the MAC of a bridge without its own follows its members. */
function predictable(facts: Facts, queries: readonly FactQuery<unknown>[]) {
  // Docker makes networks for a swarm, and chooses their addresses.
  const links = facts
    .get(interfacesFact)
    .filter(({ name, master }) => ![name, master].includes('docker_gwbridge'))
    .map(({ mac: _, ...link }) => link);
  const known = facts.with(interfacesFact, links).update(dockerFact, ({ daemon, ...docker }) => ({
    ...docker,
    daemon: daemon && {
      ...daemon,
      networks: daemon.networks.filter(({ name }) => !['docker_gwbridge', 'ingress'].includes(name)),
    },
  }));
  // The kernel adds and removes routes with addresses.
  const set = known.update(routesFact, (all) => all.filter(({ protocol }) => protocol !== 'kernel'));
  return canonical(set, queries);
}

/** Each change's undo, without its apply. */
function neverBegun(changes: readonly Change[]): string {
  const undos = changes.map((change) => {
    const { save, undo } = primitiveOf(change);
    return lines(raw('('), raw('set -e; before=$(mktemp -d)'), save?.(change), undo(change), raw(')'));
  });
  return lines(raw('set -e'), ...undos).text;
}

async function succeeds(running: Promise<HostEvent[]>): Promise<void> {
  const events = await running;
  expect(events.at(-1), JSON.stringify(events.filter(({ type }) => type === 'failed'))).toEqual(ended);
}

/** What failed in the undo, and what doesn't hold after it, each with the sample's title. */
async function failuresOnceGone(all: readonly Sample[]): Promise<string[]> {
  const owner = all.flatMap(({ title, changes }) => changes.map(() => title));
  const settle = all.flatMap(({ settle = [] }) => settle);
  const run = await prepared(lab(), host, changesOf(all), settle);
  await succeeds(run.apply());
  await on(['set -e', ...all.map(({ gone }) => gone)].join('\n'));
  const failed = (await run.undo()).flatMap((event) =>
    event.type === 'failed'
      ? [`${owner[Number(event.id) - 1] ?? `settle ${event.id}`}: ${event.output}`]
      : [],
  );
  const broken = await on(
    all
      .flatMap(({ title, holds }) =>
        holds === undefined ? [] : [sh`if ! { ${raw(holds)}; }; then echo ${`${title}: ${holds}`}; fi`.text],
      )
      .join('\n'),
  );
  return [...failed, ...broken.split('\n').filter((line) => line !== '')];
}

const parts = [
  { what: 'all but packages', all: samplesOf(others), more: chosen === undefined ? [dockerRestarts] : [] },
  // Packages have a stage of their own.
  { what: 'packages', all: samplesOf({ package: packages }), more: [] },
].filter(({ all }) => all.length > 0);

describe.skipIf(stateDir === '').each(parts)(
  'every primitive: $what',
  {
    timeout: 120_000,
  },
  ({ all, more }) => {
    const changes = changesOf(all);
    const queries = queriesOf(changes);
    const now = async () => ({ facts: await read(lab(), host, queries), seen: await seen(all) });
    let before: Awaited<ReturnType<typeof now>>;
    const expectAsBefore = async () => {
      const { facts, seen } = await now();
      expect(seen).toEqual(before.seen);
      expect(canonical(facts, queries)).toEqual(canonical(before.facts, queries));
    };

    afterAll(() => on(clean));

    it('an undo without an apply changes nothing', async () => {
      await on(['set -e', ...[...all, ...more].map(({ before = ':' }) => before)].join('\n'));
      before = await now();
      await on(neverBegun(changes));
      await expectAsBefore();
    });

    it('is applied as predicted, and undone, even if the undo runs twice', async () => {
      const run = await prepared(lab(), host, changes);
      await succeeds(run.apply());
      const after = await now();
      const unmoved = all.filter(({ title }) => after.seen[title] === before.seen[title]);
      expect(unmoved.map(({ title }) => title)).toEqual([]);
      const expected = changes.reduce(
        (facts, change) => primitiveOf(change).predict(change, facts),
        before.facts,
      );
      expect(predictable(after.facts, queries)).toEqual(predictable(expected, queries));
      expect(partsOf(changes, after.facts)).toEqual(partsOf(changes, expected));
      for (const _ of ['once', 'twice']) {
        await succeeds(run.undo());
        await expectAsBefore();
      }
    });

    it('a forced undo restores what was there before someone edited it', async () => {
      const run = await prepared(lab(), host, changes);
      await succeeds(run.apply());
      const applied = await seen(all);
      const meddled = all.filter(({ meddle }) => meddle !== undefined);
      await on(['set -e', ...meddled.map(({ meddle = '' }) => meddle)].join('\n'));
      const changed = await seen(meddled);
      const overlooked = meddled.filter(({ title }) => changed[title] === applied[title]);
      expect(overlooked.map(({ title }) => title)).toEqual([]);
      await succeeds(run.undo());
      await expectAsBefore();
    });

    it('an undo whose object is gone has nothing to do, and harms nothing in its place', async () => {
      expect(await failuresOnceGone([...all, ...more])).toEqual([]);
    });
  },
);
