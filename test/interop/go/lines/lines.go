// Package lines is how the programs talk with the test that started them: one JSON value a line, in on standard input and
// out on standard output. The end of the input means that the test is gone.
package lines

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
)

var (
	mutex  sync.Mutex
	stdout = os.Stdout
)

// gocraft/work writes its log to standard output.
func init() {
	os.Stdout = os.Stderr
}

// Write puts a value on a line of its own.
func Write(value interface{}) {
	line, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	mutex.Lock()
	defer mutex.Unlock()
	stdout.Write(append(line, '\n'))
}

// Each hands over every line that comes in, and returns when no more will.
func Each(handle func(line []byte)) {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			panic(err)
		}
		handle(line)
	}
}

// Answer is what a request gets, one of the two.
type Answer struct {
	OK    interface{} `json:"ok"`
	Error string      `json:"error,omitempty"`
}

// Serve answers every request in turn. A panic is an answer too.
func Serve(handle func(request []byte) (interface{}, error)) {
	Each(func(line []byte) {
		value, err := guarded(handle, line)
		if err != nil {
			Write(Answer{Error: err.Error()})
		} else {
			Write(Answer{OK: value})
		}
	})
}

func guarded(handle func([]byte) (interface{}, error), request []byte) (value interface{}, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return handle(request)
}
