/** What an example doesn't give: three hosts, and a playbook in which nothing is wrong. Lines have signs, as in examples. */
export const examplePlay = {
  inventory: ` hosts:
   docker1: { address: 192.0.2.11 }
   docker2: { address: 192.0.2.12 }
   docker3: { address: 192.0.2.13 }`,
  playbook: ` hosts: all
 steps:
   - ovs_bridge: { name: br0 }`,
};
