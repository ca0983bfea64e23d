import { afterEach, describe, expect, it } from 'vitest';
import { createSshTransport } from '../../src/transport/ssh.ts';
import { type HostileHost, hostileHost } from './hostile-host.ts';

let host: HostileHost | undefined;
afterEach(() => host?.stop());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a transport that is closed', () => {
  it('leaves no connection open, whatever was still going on there', async () => {
    let arrived = 0;
    host = await hostileHost(() => {
      arrived += 1;
    });
    const transport = createSshTransport();
    const connections = [await transport.connect(host.target()), await transport.connect(host.target())];
    const runs = connections.map((connection) => connection.run('sleep 600'));
    const ends = Promise.allSettled(runs);
    await until(() => arrived === 2);
    transport.close();
    expect(await ends).toMatchObject(
      runs.map(() => ({ status: 'rejected', reason: { code: 'connection-lost' } })),
    );
    await until(() => host?.open() === 0);
  });
});
