// Package settings is what the test tells a program in its one argument.
package settings

import (
	"encoding/json"
	"os"

	"github.com/gomodule/redigo/redis"
)

// Place is where the test works.
type Place struct {
	Redis     string `json:"redis"`
	Namespace string `json:"namespace"`
}

// Pool makes connections to the test's Redis.
func (p Place) Pool() *redis.Pool {
	return &redis.Pool{
		MaxIdle: 20,
		Dial:    func() (redis.Conn, error) { return redis.DialURL(p.Redis) },
	}
}

// Read fills in what the program was given.
func Read(given interface{}) {
	if err := json.Unmarshal([]byte(os.Args[1]), given); err != nil {
		panic(err)
	}
}
