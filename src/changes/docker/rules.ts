/**
 * A shell function, `mend_rules SAVED BRIDGE SUBNET`: deletes the packet filter rules that Docker has left behind for
 * a default bridge that it no longer uses. BRIDGE and SUBNET are the present ones, empty while Docker doesn't run;
 * `$shared/networks` has the earlier ones, `BRIDGE SUBNET` a line. Rules in SAVED (as iptables-save prints them) stay.
 *
 * Measured with dockerd 20.10: if the bridge is gone when dockerd starts on another one, its rules in FORWARD and
 * POSTROUTING stay. Only rules with exactly Docker's own form are deleted: no chain is flushed, and DOCKER-USER isn't
 * touched.
 */
export const mendRules = `mend_rules() {
  for family in '' 6; do
    command -v "ip\${family}tables-save" >/dev/null || continue
    saved=$1$family
    [ -e "$saved" ] || saved=/dev/null
    "ip\${family}tables-save" >"$before/rules" 2>/dev/null || continue
    awk -v bridge="$2" -v subnet="$3" -v devices="$(ls /sys/class/net | tr '\\n' ' ')" '
      function number(address, part) {
        split(address, part, ".")
        return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4]
      }
      function within(address, network, half, size) {
        split(network, half, "/")
        size = 2 ^ (32 - half[2])
        return int(number(address) / size) == int(number(half[1]) / size)
      }
      function formerly(address, network) {
        if (subnet != "" && within(address, subnet)) return 0
        for (network in former) if (within(address, network)) return 1
        return 0
      }
      function stale(device) {
        return device != "" && device != bridge && device !~ /[+]$/ && (device in used || !(device in there))
      }
      function left(device, i) {
        if ($2 == "DOCKER-USER") return 0
        if ($2 ~ /^DOCKER/) {
          for (i = 3; i < NF; i++) if (($i == "-i" || $i == "-o") && stale($(i + 1))) return 1
          return 0
        }
        if (table == "filter" && $2 == "FORWARD") {
          device = $4
          return stale(device) && (\\
            $0 == "-A FORWARD -o " device " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT" || \\
            $0 == "-A FORWARD -o " device " -j DOCKER" || \\
            $0 == "-A FORWARD -i " device " ! -o " device " -j ACCEPT" || \\
            $0 == "-A FORWARD -i " device " -o " device " -j ACCEPT" || \\
            $0 == "-A FORWARD -i " device " -o " device " -j DROP")
        }
        if (table == "nat" && $2 == "POSTROUTING") {
          if ($0 == "-A POSTROUTING -s " $4 " ! -o " $7 " -j MASQUERADE")
            return stale($7) || ($7 == bridge && $4 != subnet && $4 in former)
          if ($3 == "-s" && $5 == "-d" && $4 == $6 && $4 ~ /^[0-9.]+\\/32$/ && $0 ~ / --dport [0-9]+ -j MASQUERADE$/)
            return formerly(substr($4, 1, length($4) - 3))
        }
        return 0
      }
      BEGIN { split(devices, names, " "); for (i in names) there[names[i]] = 1 }
      phase == "networks" {
        if ($1 != "" && $1 != bridge) used[$1] = 1
        if ($2 ~ /^[0-9.]+\\/[0-9]+$/ && $2 != subnet) former[$2] = 1
        next
      }
      /^[*]/ { table = substr($0, 2) }
      !/^-A / { next }
      phase == "saved" { saved[table, $0] = 1; next }
      phase == "subnets" {
        if (table == "nat" && $0 == "-A POSTROUTING -s " $4 " ! -o " $7 " -j MASQUERADE" && stale($7)) former[$4] = 1
        next
      }
      !((table, $0) in saved) && left() {
        if (table != open) { if (open != "") print "COMMIT"; print "*" table; open = table }
        print "-D" substr($0, 3)
      }
      END { if (open != "") print "COMMIT" }
    ' phase=networks "$shared/networks" phase=saved "$saved" phase=subnets "$before/rules" phase=now "$before/rules" >"$before/stale"
    if [ -s "$before/stale" ]; then "ip\${family}tables-restore" -w 10 --noflush <"$before/stale"; fi
  done
}`;
