// Command client looks into a namespace, and moves jobs, as a Go program would.
package main

import (
	"encoding/json"
	"fmt"

	"interop/lines"
	"interop/settings"

	"github.com/gocraft/work"
)

type request struct {
	Call string `json:"call"`
	Page uint   `json:"page"`
	At   int64  `json:"at"`
	ID   string `json:"id"`
}

type page struct {
	Jobs  interface{} `json:"jobs"`
	Count int64       `json:"count"`
}

type call func(client *work.Client, asked request) (interface{}, error)

var calls = map[string]call{
	"queues":       func(c *work.Client, _ request) (interface{}, error) { return c.Queues() },
	"heartbeats":   func(c *work.Client, _ request) (interface{}, error) { return c.WorkerPoolHeartbeats() },
	"observations": func(c *work.Client, _ request) (interface{}, error) { return c.WorkerObservations() },
	"scheduledJobs": func(c *work.Client, asked request) (interface{}, error) {
		jobs, count, err := c.ScheduledJobs(asked.Page)
		return page{jobs, count}, err
	},
	"retryJobs": func(c *work.Client, asked request) (interface{}, error) {
		jobs, count, err := c.RetryJobs(asked.Page)
		return page{jobs, count}, err
	},
	"deadJobs": func(c *work.Client, asked request) (interface{}, error) {
		jobs, count, err := c.DeadJobs(asked.Page)
		return page{jobs, count}, err
	},
	"deleteScheduledJob": func(c *work.Client, asked request) (interface{}, error) {
		return nil, c.DeleteScheduledJob(asked.At, asked.ID)
	},
	"deleteRetryJob": func(c *work.Client, asked request) (interface{}, error) {
		return nil, c.DeleteRetryJob(asked.At, asked.ID)
	},
	"deleteDeadJob": func(c *work.Client, asked request) (interface{}, error) {
		return nil, c.DeleteDeadJob(asked.At, asked.ID)
	},
	"retryDeadJob": func(c *work.Client, asked request) (interface{}, error) {
		return nil, c.RetryDeadJob(asked.At, asked.ID)
	},
	"retryAllDeadJobs":  func(c *work.Client, _ request) (interface{}, error) { return nil, c.RetryAllDeadJobs() },
	"deleteAllDeadJobs": func(c *work.Client, _ request) (interface{}, error) { return nil, c.DeleteAllDeadJobs() },
}

func main() {
	var place settings.Place
	settings.Read(&place)
	pool := place.Pool()
	client := work.NewClient(place.Namespace, pool)
	lines.Serve(func(line []byte) (interface{}, error) {
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			return nil, err
		}
		if asked.Call == "serve" {
			return serve(place.Namespace, pool)
		}
		call, ok := calls[asked.Call]
		if !ok {
			return nil, fmt.Errorf("there is no call %q", asked.Call)
		}
		return call(client, asked)
	})
}
