// Nothing comes from o365skype-bridge, by o365skype-bridge 0.1.0.
// The command is not run any more: the agent's log says why.
// For "influx task create --file"; statuses are in the bucket _monitoring, from
// where notification rules take them.
import "influxdata/influxdb/monitor"
import "influxdata/influxdb/schema"
import "experimental"

option task = {name: "o365skype: Nothing comes from o365skype-bridge", every: 60s, offset: 10s}

check = {
    _check_id: "036500003bac798c",
    _check_name: "Nothing comes from o365skype-bridge",
    _type: "deadman",
    tags: {},
}

from(bucket: "telegraf")
    |> range(start: -1d)
    |> filter(fn: (r) => r._measurement == "o365_bridge")
    |> filter(fn: (r) => r._field == "up")
    |> schema.fieldsAsCols()
    |> group(columns: ["_measurement", "tenant", "report"])
    |> sort(columns: ["_time"])
    |> tail(n: 1)
    |> monitor.deadman(t: experimental.subDuration(from: now(), d: 15m))
    |> monitor.check(
        data: check,
        messageFn: (r) => "${r.tenant} ${r.report}: Nothing comes from o365skype-bridge",
        crit: (r) => r.dead,
    )
