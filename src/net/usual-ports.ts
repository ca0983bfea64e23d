/** The default UDP ports of tunnels: RFC 7348 section 5, RFC 8926 section 3.3, ovs-vswitchd.conf.db(5). */
export const usualPorts: Readonly<Record<string, number>> = { vxlan: 4789, geneve: 6081 };
