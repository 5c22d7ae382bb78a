package main

import "sync"

var waiting = waitingRuns{runs: map[string]chan ending{}}

// waitingRuns holds the runs that wait to be told how they end, by the id of their job.
type waitingRuns struct {
	mutex sync.Mutex
	runs  map[string]chan ending
}

func (w *waitingRuns) add(id string) <-chan ending {
	told := make(chan ending, 1)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.runs[id] = told
	return told
}

func (w *waitingRuns) end(id string, how ending) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	told, ok := w.runs[id]
	if !ok {
		panic("no run of " + id + " waits")
	}
	delete(w.runs, id)
	told <- how
}
