-- Environment variables that the host takes into its vault: what executors show to the services that they ask.
return { "KUBERNETES_TOKEN", "EXECUTOR_TOKEN" }
