-- What `notify` asks of the policy `notifications`.
return require("uhost.notify.policy_schema")
