// Command worker is a worker pool of gocraft/work whose jobs do as they are told.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"syscall"

	"interop/dialect"
	"interop/lines"
	"interop/settings"

	"github.com/gocraft/work"
	"github.com/gomodule/redigo/redis"
)

type options struct {
	settings.Place
	Concurrency   uint       `json:"concurrency"`
	SleepBackoffs []int64    `json:"sleepBackoffs"`
	Jobs          []jobType  `json:"jobs"`
	Periodic      []periodic `json:"periodic"`
	// Starts and ends of runs are counted in hashes of this name and `:start`, `:end`, by the id of their job, not told.
	CountIn string `json:"countIn"`
}

type periodic struct {
	Spec string `json:"spec"`
	Name string `json:"name"`
}

type request struct {
	Do string `json:"do"`
	ID string `json:"id"`
	ending
}

type poolEvent struct {
	Event  string `json:"event"`
	PoolID string `json:"poolId"`
}

func main() {
	var given options
	settings.Read(&given)
	connections := given.Pool()
	pool := newPool(given, connections, given.teller(connections))
	stopAtSignals(pool)
	pool.Start()
	tell("started", pool)
	lines.Each(func(line []byte) {
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		do(pool, asked)
	})
	os.Exit(1)
}

func (o options) teller(connections *redis.Pool) runTeller {
	if o.CountIn != "" {
		return countRuns(o.CountIn, connections)
	}
	return writeRun
}

func newPool(given options, connections *redis.Pool, tell runTeller) *work.WorkerPool {
	pool := dialect.NewWorkerPool(given.Concurrency, given.Namespace, connections, given.SleepBackoffs)
	for _, job := range given.Jobs {
		pool.JobWithOptions(job.Name, job.options(), job.handler(tell))
	}
	for _, one := range given.Periodic {
		pool.PeriodicallyEnqueue(one.Spec, one.Name)
	}
	return pool
}

func do(pool *work.WorkerPool, asked request) {
	switch asked.Do {
	case "end":
		waiting.end(asked.ID, asked.ending)
	case "drain":
		go func() {
			pool.Drain()
			tell("drained", pool)
		}()
	case "stop":
		go stop(pool)
	default:
		panic(fmt.Sprintf("there is nothing like %q to do", asked.Do))
	}
}

func stopAtSignals(pool *work.WorkerPool) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		stop(pool)
	}()
}

func stop(pool *work.WorkerPool) {
	pool.Stop()
	tell("stopped", pool)
	os.Exit(0)
}

// The id has no getter.
func tell(event string, pool *work.WorkerPool) {
	id := reflect.ValueOf(pool).Elem().FieldByName("workerPoolID").String()
	lines.Write(poolEvent{Event: event, PoolID: id})
}
