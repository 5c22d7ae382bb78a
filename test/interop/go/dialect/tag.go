//go:build !master

// Package dialect has what differs between the last tag of gocraft/work and its master.
package dialect

import (
	"errors"

	"github.com/gocraft/work"
	"github.com/gomodule/redigo/redis"
)

var errNoSuchCall = errors.New("this version of gocraft/work does not know unique jobs by key")

// EnqueueUniqueByKey is not there yet.
func EnqueueUniqueByKey(_ *work.Enqueuer, _ string, _, _ map[string]interface{}) (*work.Job, error) {
	return nil, errNoSuchCall
}

// EnqueueUniqueInByKey is not there yet.
func EnqueueUniqueInByKey(_ *work.Enqueuer, _ string, _ int64, _, _ map[string]interface{}) (*work.ScheduledJob, error) {
	return nil, errNoSuchCall
}

// NewWorkerPool ignores the sleeps of idle workers, which cannot be set yet.
func NewWorkerPool(concurrency uint, namespace string, pool *redis.Pool, _ []int64) *work.WorkerPool {
	return work.NewWorkerPool(struct{}{}, concurrency, namespace, pool)
}
