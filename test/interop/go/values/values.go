// Package values turns what the test sent into the values that a Go program would enqueue.
package values

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Map reads an object; nil where the test sent null or nothing. Keys are base64 of their bytes, and so is text, behind
// "text:". Behind "json:" stands JSON that is passed on as it is. Integers become int64 or uint64, other numbers float64.
func Map(sent json.RawMessage) (map[string]interface{}, error) {
	if len(sent) == 0 || string(sent) == "null" {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(sent))
	decoder.UseNumber()
	object := map[string]interface{}{}
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	return mapOf(object)
}

func mapOf(sent map[string]interface{}) (map[string]interface{}, error) {
	object := make(map[string]interface{}, len(sent))
	for encoded, field := range sent {
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, err
		}
		if object[string(key)], err = valueOf(field); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func valueOf(sent interface{}) (interface{}, error) {
	switch value := sent.(type) {
	case string:
		return text(value)
	case json.Number:
		return number(value)
	case []interface{}:
		return list(value)
	case map[string]interface{}:
		return mapOf(value)
	default:
		return value, nil
	}
}

func list(sent []interface{}) (interface{}, error) {
	items := make([]interface{}, len(sent))
	for i, item := range sent {
		var err error
		if items[i], err = valueOf(item); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func text(sent string) (interface{}, error) {
	kind, encoded, _ := strings.Cut(sent, ":")
	content, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case err != nil:
		return nil, err
	case kind == "text":
		return string(content), nil
	case kind == "json":
		return json.RawMessage(content), nil
	default:
		return nil, fmt.Errorf("%q is neither text: nor json:", sent)
	}
}

func number(sent json.Number) (interface{}, error) {
	if signed, err := strconv.ParseInt(sent.String(), 10, 64); err == nil {
		return signed, nil
	}
	if unsigned, err := strconv.ParseUint(sent.String(), 10, 64); err == nil {
		return unsigned, nil
	}
	return sent.Float64()
}
