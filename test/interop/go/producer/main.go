// Command producer enqueues what it is asked to.
package main

import (
	"encoding/json"
	"fmt"

	"interop/dialect"
	"interop/lines"
	"interop/settings"
	"interop/values"

	"github.com/gocraft/work"
)

type request struct {
	Call    string          `json:"call"`
	Name    string          `json:"name"`
	Seconds int64           `json:"seconds"`
	Args    json.RawMessage `json:"args"`
	Key     json.RawMessage `json:"key"`
}

func main() {
	var place settings.Place
	settings.Read(&place)
	enqueuer := work.NewEnqueuer(place.Namespace, place.Pool())
	lines.Serve(func(line []byte) (interface{}, error) {
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			return nil, err
		}
		return enqueue(enqueuer, asked)
	})
}

func enqueue(enqueuer *work.Enqueuer, asked request) (interface{}, error) {
	args, err := values.Map(asked.Args)
	if err != nil {
		return nil, err
	}
	key, err := values.Map(asked.Key)
	if err != nil {
		return nil, err
	}
	switch asked.Call {
	case "enqueue":
		return enqueuer.Enqueue(asked.Name, args)
	case "enqueueIn":
		return enqueuer.EnqueueIn(asked.Name, asked.Seconds, args)
	case "enqueueUnique":
		return enqueuer.EnqueueUnique(asked.Name, args)
	case "enqueueUniqueIn":
		return enqueuer.EnqueueUniqueIn(asked.Name, asked.Seconds, args)
	case "enqueueUniqueByKey":
		return dialect.EnqueueUniqueByKey(enqueuer, asked.Name, args, key)
	case "enqueueUniqueInByKey":
		return dialect.EnqueueUniqueInByKey(enqueuer, asked.Name, asked.Seconds, args, key)
	default:
		return nil, fmt.Errorf("there is no call %q", asked.Call)
	}
}
