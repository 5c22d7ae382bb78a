package main

import (
	"errors"
	"time"

	"interop/lines"

	"github.com/gocraft/work"
	"github.com/gomodule/redigo/redis"
)

type jobType struct {
	Name           string `json:"name"`
	Priority       uint   `json:"priority"`
	MaxFails       uint   `json:"maxFails"`
	MaxConcurrency uint   `json:"maxConcurrency"`
	SkipDead       bool   `json:"skipDead"`
	BackoffSeconds *int64 `json:"backoffSeconds"`
	// Said at once by each run.
	Checkin string `json:"checkin"`
	SleepMs int64  `json:"sleepMs"`
	// A run ends when it is told to, and as it is told.
	Wait bool `json:"wait"`
	ending
}

// ending is how a run ends: well, where neither is given.
type ending struct {
	Fail  *string `json:"fail"`
	Panic *string `json:"panic"`
}

type runEvent struct {
	Event string                 `json:"event"`
	ID    string                 `json:"id"`
	Name  string                 `json:"name"`
	T     int64                  `json:"t"`
	Args  map[string]interface{} `json:"args"`
	Fails int64                  `json:"fails"`
	AtMs  int64                  `json:"atMs"`
}

func (j jobType) options() work.JobOptions {
	options := work.JobOptions{
		Priority:       j.Priority,
		MaxFails:       j.MaxFails,
		MaxConcurrency: j.MaxConcurrency,
		SkipDead:       j.SkipDead,
	}
	if j.BackoffSeconds != nil {
		options.Backoff = func(*work.Job) int64 { return *j.BackoffSeconds }
	}
	return options
}

func (j jobType) handler(tell runTeller) func(*work.Job) error {
	return func(job *work.Job) error { return j.run(job, tell) }
}

func (j jobType) run(job *work.Job, tell runTeller) error {
	var told <-chan ending
	if j.Wait {
		told = waiting.add(job.ID)
	}
	tell("start", job)
	defer tell("end", job)
	if j.Checkin != "" {
		job.Checkin(j.Checkin)
	}
	time.Sleep(time.Duration(j.SleepMs) * time.Millisecond)
	if j.Wait {
		return (<-told).now()
	}
	return j.ending.now()
}

func (e ending) now() error {
	if e.Panic != nil {
		panic(*e.Panic)
	}
	if e.Fail != nil {
		return errors.New(*e.Fail)
	}
	return nil
}

// runTeller is given each start and each end of a run.
type runTeller func(event string, job *work.Job)

func writeRun(event string, job *work.Job) {
	lines.Write(runEvent{
		Event: event,
		ID:    job.ID,
		Name:  job.Name,
		T:     job.EnqueuedAt,
		Args:  job.Args,
		Fails: job.Fails,
		AtMs:  time.Now().UnixMilli(),
	})
}

// countRuns counts the starts and the ends of runs, by the id of their job.
func countRuns(key string, pool *redis.Pool) runTeller {
	return func(event string, job *work.Job) {
		connection := pool.Get()
		defer connection.Close()
		if _, err := connection.Do("HINCRBY", key+":"+event, job.ID, 1); err != nil {
			panic(err)
		}
	}
}
