package main

import (
	"net"
	"net/http"
	"reflect"
	"unsafe"

	"github.com/gocraft/work/webui"
	"github.com/gomodule/redigo/redis"
)

// serve starts gocraft/work's web UI and says where. It ends with the program.
func serve(namespace string, pool *redis.Pool) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go http.Serve(listener, handlerOf(webui.NewServer(namespace, pool, "")))
	return "http://" + listener.Addr().String(), nil
}

// The server itself listens only where it is told to, and never says on which port that is free: so its router, which has no
// getter, is served here.
func handlerOf(server *webui.Server) http.Handler {
	router := reflect.ValueOf(server).Elem().FieldByName("router")
	return reflect.NewAt(router.Type(), unsafe.Pointer(router.UnsafeAddr())).Elem().Interface().(http.Handler)
}
