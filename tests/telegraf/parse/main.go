// Command parse says how Telegraf's own parser of line protocol reads texts: one JSON string a
// line in, and at once one JSON object a line out, with the points or the error.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/influxdata/telegraf/plugins/parsers/influx"
)

// now is the time of a line that has none.
var now = time.Unix(0, 42)

type value struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type point struct {
	Measurement string            `json:"measurement"`
	Tags        map[string]string `json:"tags"`
	Fields      map[string]value  `json:"fields"`
	Time        int64             `json:"time"`
}

type answer struct {
	Error  string  `json:"error,omitempty"`
	Points []point `json:"points"`
}

func read(text string) answer {
	parser := &influx.Parser{}
	if err := parser.Init(); err != nil {
		return answer{Error: err.Error()}
	}
	parser.SetTimeFunc(func() time.Time { return now })
	metrics, err := parser.Parse([]byte(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	points := make([]point, 0, len(metrics))
	for _, metric := range metrics {
		fields := make(map[string]value)
		for _, field := range metric.FieldList() {
			fields[field.Key] = value{fmt.Sprintf("%T", field.Value), fmt.Sprint(field.Value)}
		}
		points = append(points, point{metric.Name(), metric.Tags(), fields, metric.Time().UnixNano()})
	}
	return answer{Points: points}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	decoder, encoder := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(out)
	for {
		var text string
		if err := decoder.Decode(&text); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if encoder.Encode(read(text)) != nil || out.Flush() != nil {
			os.Exit(1)
		}
	}
}
