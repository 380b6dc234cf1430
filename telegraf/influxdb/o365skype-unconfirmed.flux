// Graph has not confirmed the figures, by o365skype-bridge 0.1.0.
// What passes by itself has not passed for six hours.
// For "influx task create --file"; statuses are in the bucket _monitoring, from
// where notification rules take them.
import "influxdata/influxdb/monitor"
import "influxdata/influxdb/schema"

option task = {name: "o365skype: Graph has not confirmed the figures", every: 60s, offset: 10s}

check = {
    _check_id: "036500000593b0ec",
    _check_name: "Graph has not confirmed the figures",
    _type: "threshold",
    tags: {},
}

from(bucket: "telegraf")
    |> range(start: -1h)
    |> filter(fn: (r) => r._measurement == "o365_bridge")
    |> filter(fn: (r) => r._field == "confirmed_seconds" or r._field == "message")
    |> schema.fieldsAsCols()
    |> group(columns: ["_measurement", "tenant", "report"])
    |> sort(columns: ["_time"])
    |> tail(n: 1)
    |> monitor.check(
        data: check,
        messageFn: (r) => if exists r.message then "${r.tenant} ${r.report}: ${r.message}" else "${r.tenant} ${r.report}: Graph has not confirmed the figures",
        crit: (r) => r.confirmed_seconds > 21600,
        ok: (r) => true,
    )
