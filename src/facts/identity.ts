import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { sha256 } from './file.ts';
import { list, record, text } from './schema.ts';

/** What no two hosts should share, besides /etc/machine-id (see `osFact`): hashes, not the values. */
export interface Identity {
  /** Open vSwitch's own id, if there is one (external_ids:system-id, ovs-vswitchd.conf.db(5)). */
  readonly ovs?: string;
  /** Each public host key of sshd, in the order of their files. */
  readonly sshHostKeys: readonly string[];
}

const family: FactFamily<Identity> = {
  name: 'identity',
  command: 'read',
  schema: record({ sshHostKeys: list(text) }, { ovs: text }),
  // Reads the id from ovs-ctl(8)'s file, which needs no server.
  query: () =>
    raw(`{ read -r id </etc/openvswitch/system-id.conf; } 2>/dev/null && echo "ovs $id" || :
for key in /etc/ssh/ssh_host_*_key.pub; do
  { read -r type text rest <"$key"; } 2>/dev/null && echo "ssh $type $text" || :
done`),
  parse: (output) => {
    const lines = output.split('\n');
    const hash = (text: string) => sha256(text).slice(0, 16);
    const ovs = lines.find((line) => line.startsWith('ovs '));
    const sshHostKeys = lines.filter((line) => line.startsWith('ssh ')).map(hash);
    return new Map([['', { ...(ovs === undefined ? {} : { ovs: hash(ovs) }), sshHostKeys }]]);
  },
  canonical: ({ ovs, sshHostKeys }) => ({ ...(ovs === undefined ? {} : { ovs }), sshHostKeys }),
};

export const identityFact: FactQuery<Identity> = { family, key: '' };
