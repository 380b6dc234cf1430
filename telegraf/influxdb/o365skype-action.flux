// Somebody has to act, by o365skype-bridge 0.1.0.
// Login, permission or answer of Graph need somebody; the message says what to do.
// For "influx task create --file"; statuses are in the bucket _monitoring, from
// where notification rules take them.
import "influxdata/influxdb/monitor"
import "influxdata/influxdb/schema"

option task = {name: "o365skype: Somebody has to act", every: 60s, offset: 10s}

check = {
    _check_id: "0365000047cc8c92",
    _check_name: "Somebody has to act",
    _type: "threshold",
    tags: {},
}

from(bucket: "telegraf")
    |> range(start: -1h)
    |> filter(fn: (r) => r._measurement == "o365_bridge")
    |> filter(fn: (r) => r._field == "cause_code" or r._field == "message")
    |> schema.fieldsAsCols()
    |> group(columns: ["_measurement", "tenant", "report"])
    |> sort(columns: ["_time"])
    |> tail(n: 1)
    |> monitor.check(
        data: check,
        messageFn: (r) => if exists r.message then "${r.tenant} ${r.report}: ${r.message}" else "${r.tenant} ${r.report}: Somebody has to act",
        crit: (r) => r.cause_code == 5 or r.cause_code == 6 or r.cause_code == 7 or r.cause_code == 9,
        ok: (r) => true,
    )
