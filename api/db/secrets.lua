-- Environment variables that the host takes into its vault: the password of a database on a server.
return { "PGPASSWORD" }
