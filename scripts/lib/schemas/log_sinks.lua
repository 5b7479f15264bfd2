-- What `uhost logs ship` asks of the policy `log_sinks`: that is the primitive's own.
return require("uhost.logs.policy_schema")
