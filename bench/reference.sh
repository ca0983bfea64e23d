# The reference: what a careful administrator writes by hand for one host of the mesh. It looks before it
# changes, and a second run changes nothing. Standard input of `sh -s -- ADDRESS MAC FIXED_CIDR LOCAL_IP PEER=IP...`
# on the host. Says `changed` and what, or nothing.
set -eu
address=$1 mac=$2 fixed_cidr=$3 local_ip=$4
shift 4
bridge=newbridge switch=ovs_bridge mtu=1462

changed() { echo "changed $*"; }

# write PATH: puts standard input there, unless it is there already. Nobody ever reads half of it.
write() {
  new=$(cat; echo .)
  new=${new%.}
  if [ -f "$1" ]; then
    old=$(cat "$1"; echo .)
    [ "${old%.}" != "$new" ] || return 1
  fi
  mkdir -p "${1%/*}"
  printf %s "$new" >"$1.new"
  chmod 0644 "$1.new"
  mv "$1.new" "$1"
  changed "$1"
}

if [ "$(dpkg-query -W -f '${db:Status-Status} ' openvswitch-switch bridge-utils 2>/dev/null)" != 'installed installed ' ]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq openvswitch-switch bridge-utils >/dev/null
  changed packages
fi

# The switch with its tunnels: one question, and one transaction for what is missing.
is=$(ovs-vsctl --timeout=5 --format=csv --no-headings --columns=name,type,options list Interface -- \
  --columns=name,mtu_request list Interface -- --columns=name,protected list Port -- \
  --columns=name,datapath_type list Bridge)
has() { case $is in *"$1"*) ;; *) return 1 ;; esac; }
todo=
if ! has "$switch,netdev"; then
  todo="-- --may-exist add-br $switch -- set Bridge $switch datapath_type=netdev external_ids:meshbook=ovs_bridge"
fi
has "$switch,$mtu" || todo="$todo -- set Interface $switch mtu_request=$mtu"
for peer do
  name=lab-${peer%%=*} ip=${peer#*=}
  has "$name,gre,\"{local_ip=\"\"$local_ip\"\", remote_ip=\"\"$ip\"\"}\"" && has "$name,true" && continue
  todo="$todo -- --may-exist add-port $switch $name -- set Interface $name type=gre"
  todo="$todo options:local_ip=$local_ip options:remote_ip=$ip -- set Port $name protected=true"
  todo="$todo external_ids:meshbook-overlay=lab external_ids:meshbook-peer=${peer%%=*}"
done
if [ -n "$todo" ]; then
  ovs-vsctl --timeout=30 ${todo#-- }
  changed "$switch"
fi

# The Linux bridge, with the switch as its member.
links=$(ip -o link show)
line() { printf '%s\n' "$links" | grep "^[0-9]*: $1:" || :; }
now=$(line "$bridge")
if [ -z "$now" ]; then
  ip link add name "$bridge" address "$mac" mtu "$mtu" type bridge
  ip link set dev "$bridge" address "$mac" mtu "$mtu" up
  changed "$bridge"
else
  case $now in
    *,UP*" mtu $mtu "*"$mac"*) ;;
    *) ip link set dev "$bridge" address "$mac" mtu "$mtu" up; changed "$bridge" ;;
  esac
fi
case $(line "$switch") in
  *,UP*" master $bridge "*) ;;
  *) ip link set dev "$switch" master "$bridge" up; changed "$switch in $bridge" ;;
esac
case $(ip -o address show dev "$bridge") in
  *" $address "*) ;;
  *) ip address add "$address" dev "$bridge"; changed "$address" ;;
esac

# What the next boot, Docker and the kernel are told.
if write /etc/systemd/system/docker.service.d/mesh.conf <<END; then systemctl daemon-reload; fi
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H fd:// --bridge=$bridge --fixed-cidr=$fixed_cidr --mtu=$mtu
END
write "/etc/network/interfaces.d/$bridge" <<END || :
# Written by meshbook.
auto $bridge
iface $bridge inet manual
    pre-up ip link show dev $bridge >/dev/null 2>&1 || ip link add name $bridge type bridge
    pre-up ip link set dev $bridge type bridge stp_state 0
    pre-up ip link set dev $bridge address $mac
    pre-up ip link set dev $bridge mtu $mtu
    up ip link set dev $bridge up
    up ip address replace $address broadcast + dev $bridge
    up n=300; until [ -e /sys/class/net/$switch ] || [ \$n = 0 ]; do sleep 0.1; n=\$((n - 1)); done
    up ip link set dev $switch master $bridge up || true
END
write /etc/sysctl.d/60-meshbook-net.ipv4.conf.all.rp_filter.conf <<END || :
# Written by meshbook.
net.ipv4.conf.all.rp_filter = 2
END
if [ "$(cat /proc/sys/net/ipv4/conf/all/rp_filter)" != 2 ]; then
  sysctl -qw net.ipv4.conf.all.rp_filter=2
  changed rp_filter
fi
