module interop

go 1.20

require (
	github.com/gocraft/work v0.5.1
	github.com/gomodule/redigo v1.8.9
)

require (
	github.com/braintree/manners v0.0.0-20160418043613-82a8879fc5fd // indirect
	github.com/gocraft/web v0.0.0-20190207150652-9707327fb69b // indirect
	github.com/robfig/cron v1.2.0 // indirect
)
