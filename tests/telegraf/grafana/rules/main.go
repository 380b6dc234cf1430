// Reads files of alert rules as Grafana's published client knows them, and says what it does not
// know in them or finds wrong.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/models"
)

func main() {
	for _, path := range os.Args[1:] {
		if err := check(path); err != nil {
			fmt.Printf("%s: %v\n", path, err)
		}
	}
}

func check(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := json.NewDecoder(file)
	reader.DisallowUnknownFields()
	var found models.AlertingFileExport
	if err := reader.Decode(&found); err != nil {
		return err
	}
	return found.Validate(strfmt.Default)
}
