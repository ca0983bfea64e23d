# Takes back what the reference does to a host, and what Ansible does.
ovs-vsctl --timeout=20 --if-exists del-br ovs_bridge
ip link delete dev newbridge 2>/dev/null
rm -f /etc/systemd/system/docker.service.d/mesh.conf /etc/network/interfaces.d/newbridge
rm -f /etc/sysctl.d/60-meshbook-net.ipv4.conf.all.rp_filter.conf
rmdir /etc/systemd/system/docker.service.d 2>/dev/null
sysctl -qw net.ipv4.conf.all.rp_filter=0
systemctl daemon-reload
