-- Environment variables that the host takes into its vault: what a Pushgateway or a collector asks for.
return { "METRICS_TOKEN" }
