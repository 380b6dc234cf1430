// Microsoft's reports are late, by o365skype-bridge 0.1.0.
// The newest day of a report ended four days ago.
// For "influx task create --file"; statuses are in the bucket _monitoring, from
// where notification rules take them.
import "influxdata/influxdb/monitor"
import "influxdata/influxdb/schema"

option task = {name: "o365skype: Microsoft's reports are late", every: 60s, offset: 10s}

check = {
    _check_id: "036500003f5dd4e5",
    _check_name: "Microsoft's reports are late",
    _type: "threshold",
    tags: {},
}

from(bucket: "telegraf")
    |> range(start: -1h)
    |> filter(fn: (r) => r._measurement == "o365_bridge")
    |> filter(fn: (r) => r._field == "age_seconds" or r._field == "message")
    |> schema.fieldsAsCols()
    |> group(columns: ["_measurement", "tenant", "report"])
    |> sort(columns: ["_time"])
    |> tail(n: 1)
    |> monitor.check(
        data: check,
        messageFn: (r) => if exists r.message then "${r.tenant} ${r.report}: ${r.message}" else "${r.tenant} ${r.report}: Microsoft's reports are late",
        warn: (r) => r.age_seconds > 345600,
        ok: (r) => true,
    )
