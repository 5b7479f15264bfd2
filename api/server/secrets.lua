-- Environment variables that the host takes into its vault: see Request:bears.
return { "SERVE_ADMIN_TOKEN" }
