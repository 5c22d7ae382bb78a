package main

import (
	"net"
	"time"

	"interop/lines"

	"github.com/gocraft/work/webui"
)

// serve starts gocraft/work's web UI and says where, once it can be reached. It ends with the program.
func serve(settings lines.Settings) (string, error) {
	address, err := freeAddress()
	if err != nil {
		return "", err
	}
	webui.NewServer(settings.Namespace, settings.Pool(), address).Start()
	return "http://" + address, reached(address)
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func reached(address string) (err error) {
	for tries := 0; tries < 1000; tries++ {
		var connection net.Conn
		if connection, err = net.Dial("tcp", address); err == nil {
			return connection.Close()
		}
		time.Sleep(5 * time.Millisecond)
	}
	return err
}
