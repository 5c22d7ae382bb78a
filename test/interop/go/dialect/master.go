//go:build master

// Package dialect has what differs between the last tag of gocraft/work and its master.
package dialect

import (
	"github.com/gocraft/work"
	"github.com/gomodule/redigo/redis"
)

// EnqueueUniqueByKey enqueues a job unless one with the same key waits.
func EnqueueUniqueByKey(e *work.Enqueuer, name string, args, key map[string]interface{}) (*work.Job, error) {
	return e.EnqueueUniqueByKey(name, args, key)
}

// EnqueueUniqueInByKey schedules a job unless one with the same key waits.
func EnqueueUniqueInByKey(e *work.Enqueuer, name string, seconds int64, args, key map[string]interface{}) (*work.ScheduledJob, error) {
	return e.EnqueueUniqueInByKey(name, seconds, args, key)
}

// NewWorkerPool makes a pool whose idle workers sleep for so many milliseconds; none: as gocraft/work has it.
func NewWorkerPool(concurrency uint, namespace string, pool *redis.Pool, sleeps []int64) *work.WorkerPool {
	options := work.WorkerPoolOptions{SleepBackoffs: sleeps}
	return work.NewWorkerPoolWithOptions(struct{}{}, concurrency, namespace, pool, options)
}
