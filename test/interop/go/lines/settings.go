package lines

import (
	"encoding/json"
	"os"

	"github.com/gomodule/redigo/redis"
)

// Settings are in the one argument of each program.
type Settings struct {
	Redis     string `json:"redis"`
	Namespace string `json:"namespace"`
}

// Pool makes connections to the test's Redis.
func (s Settings) Pool() *redis.Pool {
	return &redis.Pool{
		MaxIdle: 20,
		Dial:    func() (redis.Conn, error) { return redis.DialURL(s.Redis) },
	}
}

// ReadSettings fills in what the program was given.
func ReadSettings(settings interface{}) {
	if err := json.Unmarshal([]byte(os.Args[1]), settings); err != nil {
		panic(err)
	}
}
