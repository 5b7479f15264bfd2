return {
    transport = {
        type = "string",
        doc = "What speaks to remotes: 'libgit2', or the installed 'git' program. Default: libgit2.",
    },
    connect_timeout_s = {
        type = "number",
        doc = "Seconds until a connection to a remote must stand. Default: 30.",
    },
    stall_timeout_s = {
        type = "number",
        doc = "Seconds that a transfer may go without a byte, 0 for no limit. Default: 120.",
    },
    ssh_key = {
        type = "string",
        doc = "File of the private key for ssh remotes. Default: what ssh finds (its configuration, the agent).",
    },
    credential_helpers = {
        type = "boolean",
        doc = "Whether git's credential helpers are asked for HTTP logins. Default: true.",
    },
}
