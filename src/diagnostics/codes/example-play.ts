/** The defaults of an example: three hosts, and a playbook without errors. Lines have signs, as in examples. */
export const examplePlay = {
  inventory: ` hosts:
   docker1: { address: 192.0.2.11 }
   docker2: { address: 192.0.2.12 }
   docker3: { address: 192.0.2.13 }`,
  playbook: ` hosts: all
 steps:
   - ovs_bridge: { name: br0 }`,
};
