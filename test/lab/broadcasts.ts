import { names, on } from './cli.ts';

/**
 * How many broadcasts each host has received during `work`: each host sends ten a second, so without a loop it is
 * three times `count`, including its own. With a loop it is thousands a second.
 */
export async function heardWhile(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const before = await echoRequests();
  const send = names.map((host) =>
    on(host, `ping -q -b -i 0.1 -W 1 -c ${count} 10.11.12.255 >/dev/null || :`),
  );
  await Promise.all([...send, work()]);
  return (await echoRequests()).map((heard, i) => heard - (before[i] ?? 0));
}

/** The kernel also counts those that it doesn't answer. */
function echoRequests(): Promise<number[]> {
  return Promise.all(
    names.map(async (host) => {
      const counters = await on(host, 'grep ^IcmpMsg: /proc/net/snmp || :');
      const [columns = [], values = []] = counters.split('\n').map((line) => line.split(' '));
      return Number(values[columns.indexOf('InType8')] ?? 0);
    }),
  );
}
