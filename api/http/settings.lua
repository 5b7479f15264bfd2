return {
    proxy = {
        type = "string",
        doc = "Proxy URL for all requests. Default: http_proxy, https_proxy, all_proxy, no_proxy as with curl.",
    },
    ca_file = {
        type = "string",
        doc = "PEM file of certificates to trust in place of the system's. Default: CURL_CA_BUNDLE, SSL_CERT_FILE.",
    },
    ca_folder = {
        type = "string",
        doc = "Folder of certificates to trust, as c_rehash makes it. Default: SSL_CERT_DIR, then the system's.",
    },
    connections_per_host = {
        type = "number",
        doc = "How many requests to one origin run at a time, 1 to 1000; the others wait. Default: 64.",
    },
    timeout_s = {
        type = "number",
        doc = "Seconds that one exchange may take, 0 for no limit. Default: 120; none for downloads and streams.",
    },
    connect_timeout_s = {
        type = "number",
        doc = "Seconds until a connection must stand, TLS included. Default: 10.",
    },
    stall_timeout_s = {
        type = "number",
        doc = "Seconds that an exchange may go without a byte, 0 for no limit. Default: 30.",
    },
    max_bytes = {
        type = "number",
        doc = "Largest body that is kept in memory, after decompression. Default: 67108864 (64 MiB).",
    },
    record = {
        type = "string",
        doc = "File to record every exchange into, without secrets: `--record`. Default: none.",
    },
    replace_recording = {
        type = "boolean",
        doc = "Whether `--record` may replace a recording that is there already. Default: false.",
    },
    replay = {
        type = "string",
        doc = "Recording to answer every request from, in place of the network: `--replay`. Default: none.",
    },
}
