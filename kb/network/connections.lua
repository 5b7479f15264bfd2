-- Networks: names, connections, proxies and limits.

return {
    about = "Networks: names, connections, proxies and limits",
    entries = {
        {
            id = "network.unknown_host", title = "The host {host} could not be resolved",
            match = [[(?:Could not resolve host:? '?|getaddrinfo (?:ENOTFOUND|EAI_AGAIN) |]] ..
                [[ssh: Could not resolve hostname |Temporary failure resolving '|dial tcp: lookup |]] ..
                [[unable to resolve host address '?[‘']?|UnknownHostException: |]] ..
                [[Failed to resolve ')(?<host>[\w-]+(?:\.[\w-]+)+\.?)]],
            class = "infrastructure", severity = "error", priority = 80,
            cause = "DNS gave no address for `{host}`: a misspelt or private name, a resolver that failed for a " ..
                "moment, or a network that is closed in this container.",
            fix = "Run again. If it stays: check the name, and the network of the container (`--network`, proxy, " ..
                "DNS settings of a self-hosted runner).",
            commands = { "getent hosts {host}" },
            docs = { "https://man7.org/linux/man-pages/man3/getaddrinfo.3.html" },
            examples = {
                matches = {
                    "curl: (6) Could not resolve host: registry.example.org",
                    "fatal: unable to access 'https://github.com/acme/demo/': Could not resolve host: github.com",
                    "npm error request to https://registry.npmjs.org/x failed, reason: getaddrinfo ENOTFOUND " ..
                        "registry.npmjs.org",
                    "  Temporary failure resolving 'archive.ubuntu.com'",
                    "dial tcp: lookup proxy.golang.org on 127.0.0.53:53: server misbehaving",
                    "urllib3.exceptions.NameResolutionError: <urllib3.connection.HTTPSConnection object at 0x7f>: " ..
                        "Failed to resolve 'pypi.org' ([Errno -3] Temporary failure in name resolution)",
                },
                rejects = { "* Host github.com:443 was resolved." },
            },
        },
        {
            id = "network.name_service", title = "A host name could not be resolved",
            match = [[(?:Temporary failure in name resolution|[Nn]ame or service not known|]] ..
                [[nodename nor servname provided|No address associated with hostname)]],
            class = "infrastructure", severity = "error", priority = 66,
            cause = "DNS gave no address: no network in this container or sandbox, a resolver that failed for a " ..
                "moment, or a wrong name. For the names of services: they exist only for jobs that run in a " ..
                "container; otherwise it is localhost.",
            fix = "Run again. If it stays, check the name, and for a service container whether the job runs on " ..
                "the host (then use `localhost` and mapped ports).",
            commands = { "cat /etc/resolv.conf" },
            docs = {
                "https://docs.github.com/en/actions/tutorials/use-containerized-services/use-docker-service-contai" ..
                    "ners",
            },
            examples = {
                matches = {
                    "socket.gaierror: [Errno -3] Temporary failure in name resolution",
                    "could not translate host name \"postgres\" to address: Name or service not known",
                },
                rejects = { "name resolution ok" },
            },
        },
        {
            id = "network.local_service_refused", title = "Nothing listens on {address}",
            match = [[(?:ECONNREFUSED (?:::ffff:)?|(?:[Ff]ailed to connect to |[Cc]onnection to (?:server at )?|]] ..
                [[[Cc]onnect to |dial tcp )"?(?=.{0,160}(?:refused|Couldn't connect|]] ..
                [[Could not connect)))(?<address>(?:127\.0\.0\.1|localhost|\[?::1\]?|0\.0\.0\.0)(?::\d+|]] ..
                [[ port \d+)?)]],
            unless = [[retrying in \d|Retrying|still waiting|[Ww]aiting for]],
            class = "missing setup", severity = "error", priority = 82,
            cause = "A test connects to {address} on this machine and nobody answers: the service is not declared " ..
                "in the job, not ready yet, died, or listens elsewhere (IPv6 or another container).",
            fix = "Declare it under `services:` with a health check and mapped ports, or wait for its port before " ..
                "the tests. Node 17 and later prefer IPv6 for localhost: use 127.0.0.1.",
            commands = { "ss -ltnp" },
            docs = {
                "https://docs.github.com/en/actions/tutorials/use-containerized-services/use-docker-service-contai" ..
                    "ners",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A service that is ready before the steps begin",
                yaml = "services:\n" ..
                    "  postgres:\n" ..
                    "    image: postgres:16\n" ..
                    "    env:\n" ..
                    "      POSTGRES_PASSWORD: postgres\n" ..
                    "    ports: ['5432:5432']\n" ..
                    "    options: >-\n" ..
                    "      --health-cmd pg_isready --health-interval 5s --health-timeout 5s --health-retries 10\n",
            },
            examples = {
                matches = {
                    "Error: connect ECONNREFUSED 127.0.0.1:6379",
                    "curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server",
                    "psycopg2.OperationalError: connection to server at \"localhost\" (127.0.0.1), port 5432 " ..
                        "failed: Connection refused",
                    "dial tcp 127.0.0.1:5432: connect: connection refused",
                },
                rejects = { "Listening on 127.0.0.1:6379" },
            },
        },
        {
            id = "network.connection_refused", title = "A connection was refused",
            match = [[(?:[Cc]onnection refused|ECONNREFUSED|actively refused it)]],
            unless = [[retrying in \d|Retrying|still waiting|[Ww]aiting for]],
            class = "infrastructure", severity = "error", priority = 70,
            cause = "The host was reached, and no program listens on that port: a service that is down or not " ..
                "ready, or a wrong port.",
            fix = "Check address and port; wait for the service to be ready before using it.",
            commands = { "nc -vz HOST PORT" },
            docs = { "https://man7.org/linux/man-pages/man2/connect.2.html" },
            examples = {
                matches = {
                    "java.net.ConnectException: Connection refused (Connection refused)",
                    "No connection could be made because the target machine actively refused it.",
                },
                rejects = { "Connection accepted" },
            },
        },
        {
            id = "network.timeout", title = "A connection timed out",
            match = [[(?:[Cc]onnection timed out|ETIMEDOUT|ESOCKETTIMEDOUT|i/o timeout|Connect timeout|]] ..
                [[connect timed out|Read timed out|(?:Read|Connect)Timeout(?:Error)?: |curl: \(28\)|]] ..
                [[[Tt]imeout was reached|net/http: TLS handshake timeout|Operation timed out)]],
            unless = [[retrying in \d|Retrying \(Retry|will retry]],
            class = "flaky", severity = "error", priority = 66,
            cause = "A server did not answer in time: overloaded, unreachable from this network (firewall), or " ..
                "the network failed for a moment.",
            fix = "Run again. Add retries to downloads (`curl --retry 5 --retry-all-errors`), cache what is " ..
                "downloaded each time, and check whether the address can be reached from the runner at all.",
            commands = { "curl --retry 5 --retry-all-errors --connect-timeout 20 -fsSLO URL" },
            docs = { "https://curl.se/docs/manpage.html#--retry" },
            examples = {
                matches = {
                    "curl: (28) Failed to connect to example.org port 443 after 133018 ms: Connection timed out",
                    "pip._vendor.urllib3.exceptions.ReadTimeoutError: " ..
                        "HTTPSConnectionPool(host='files.pythonhosted.org', port=443): Read timed out.",
                    "dial tcp 140.82.112.3:443: i/o timeout",
                    "Connection error: Connect timeout at t/https.t line 17.",
                },
                rejects = { "timeout: 30" },
            },
        },
        {
            id = "network.reset", title = "A connection was cut",
            match = [[(?:[Cc]onnection reset by peer|ECONNRESET|socket hang up|[Cc]onnection was forcibly closed|]] ..
                [[RemoteDisconnected\('|Remote end closed connection without response|curl: \((?:52|55|56)\)|]] ..
                [[Error: (?:write|read) EPIPE|unexpected EOF while reading|Connection broken: |]] ..
                [[(?:ConnectionResetError|ChunkedEncodingError): )]],
            unless = [[retrying in \d|Retrying \(Retry|will retry]],
            class = "flaky", severity = "error", priority = 66,
            cause = "The other side or something in between (proxy, load balancer) closed the connection in the " ..
                "middle.",
            fix = "Run again; add retries to downloads. In tests against a local server: it died, so look at its " ..
                "log.",
            commands = { "curl --retry 5 --retry-all-errors -fsSLO URL" },
            docs = { "https://curl.se/libcurl/c/libcurl-errors.html" },
            examples = {
                matches = {
                    "curl: (56) Recv failure: Connection reset by peer",
                    "Error: socket hang up",
                    "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end " ..
                        "closed connection without response'))",
                },
                rejects = { "ConnectionPool closed" },
            },
        },
        {
            id = "network.unreachable", title = "The network is unreachable",
            match = [[(?:Network is unreachable|ENETUNREACH|EHOSTUNREACH|No route to host)]],
            class = "infrastructure", severity = "error", priority = 76,
            cause = "There is no way to the address: no network in this container or sandbox, or an IPv6 address " ..
                "where the runner has only IPv4.",
            fix = "Force IPv4 where IPv6 is the reason (`curl -4`, NODE_OPTIONS=--dns-result-order=ipv4first), or " ..
                "allow the network to this step.",
            commands = { "ip route" },
            docs = { "https://github.com/actions/runner-images/issues/668" },
            examples = {
                matches = {
                    "connect: Network is unreachable",
                    "Error: connect ENETUNREACH 2606:4700::6810:1023:443",
                },
                rejects = { "Network is reachable" },
            },
        },
        {
            id = "network.download_not_found", title = "The file to download is not there (404)",
            match = [[(?:curl: \(22\) The requested URL returned error: (?<status>404|410)|ERROR (?<wget>404|]] ..
                [[410): (?:Not Found|Gone)|HTTP Error (?<urllib>404|410): |HTTPError: 404 Client Error)]],
            class = "code bug", severity = "error", priority = 58,
            cause = "The address of the download does not exist (any more): the version, the file's name or the " ..
                "host changed.",
            fix = "Open the address in a browser, correct version and name; pin versions, and mirror what tends " ..
                "to vanish.",
            commands = { "curl -fsSIL URL" },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/404" },
            examples = {
                matches = {
                    "curl: (22) The requested URL returned error: 404",
                    "2024-05-01 10:00:00 ERROR 404: Not Found.",
                    "urllib.error.HTTPError: HTTP Error 404: Not Found",
                },
                rejects = { "GET /missing 404 in 3 ms" },
            },
        },
        {
            id = "network.download_forbidden", title = "The download was refused ({status})",
            match = [[(?:curl: \(22\) The requested URL returned error: |ERROR |HTTP Error |]] ..
                [[HTTPError: )(?<status>401|403)\b(?: Client Error)?]],
            class = "permission", severity = "error", priority = 76,
            cause = "The server wants credentials, or keeps this address out (rate limits, regions, robots; some " ..
                "hosts refuse unknown user agents).",
            fix = "Send the token that the server wants. If it is a public file, download less often (cache it) " ..
                "or from a mirror.",
            docs = { "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/403" },
            examples = {
                matches = {
                    "curl: (22) The requested URL returned error: 403",
                    "2024-05-01 10:00:00 ERROR 403: Forbidden.",
                    "urllib.error.HTTPError: HTTP Error 403: Forbidden",
                },
                rejects = { "GET /admin 403 in 3 ms" },
            },
        },
        {
            id = "network.server_error", title = "A server answered {status}",
            match = [[(?:curl: \(22\) The requested URL returned error: |ERROR |HTTP Error |HTTPError: |]] ..
                [[[Uu]nexpected (?:HTTP )?status(?: code)?(?: received)?:? ?|received unexpected HTTP status: |]] ..
                [[[Ss]tatus code:? )(?<status>50[0234])\b(?: Server Error)?]],
            class = "infrastructure", severity = "error", priority = 74,
            cause = "The server that was asked is unwell ({status}). Nothing here is broken.",
            fix = "Run again later, and look at the service's status page; add retries to the download.",
            commands = { "curl --retry 5 --retry-all-errors -fsSLO URL" },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/503" },
            examples = {
                matches = {
                    "curl: (22) The requested URL returned error: 503",
                    "error pulling image configuration: received unexpected HTTP status: 502 Bad Gateway",
                    "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: " ..
                        "https://example.org/",
                },
                rejects = { "expected status 500 in test" },
            },
        },
        {
            id = "network.https_required", title = "A server is asked over plain HTTP, and takes only HTTPS",
            match = [[\b501 ?,? ?(?:ReasonPhrase: ?|from server: )?HTTPS Required\b]],
            class = "code bug", severity = "error", priority = 96,
            cause = "The address begins with `http://`; the server (Maven Central since January 2020) refuses that.",
            fix = "Write `https://` in the repository's address: in the build files, in `settings.xml`, and in those "
                .. "of parent projects and plugins. Old tools have the old address built in: update them.",
            commands = { "git grep -n 'http://repo'" },
            docs = { "https://central.sonatype.org/faq/501-https-required/" },
            examples = {
                matches = {
                    "[ERROR] Failed to transfer file: http://repo1.maven.org/maven2/x.pom. Return code is: 501 , " ..
                        "ReasonPhrase:HTTPS Required.",
                    "> Received status code 501 from server: HTTPS Required",
                },
                rejects = { "Redirecting to HTTPS: required by the policy", "Received status code 501 from server" },
            },
        },
        {
            id = "network.not_implemented", title = "A server does not know what it is asked for (501)",
            match = [[(?:curl: \(22\) The requested URL returned error: |^(?:fatal|error): HTTP |\bERROR |]] ..
                [[HTTP Error |HTTPError: |[Ss]tatus code:? |unexpected HTTP status: )501\b(?!.{0,20}HTTPS)]],
            class = "infrastructure", severity = "error", priority = 76,
            cause = "The server answers 501, \"not implemented\": it does not take this method or address at " ..
                "all, so that asking again gives the same. A proxy in between may say so too.",
            fix = "Compare method and address with the service's documentation: `http://` where it takes only " ..
                "`https://`, an upload to a read-only mirror, another version of the API. Ask without the proxy.",
            commands = { "curl -sS -o /dev/null -D - URL" },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/501" },
            examples = {
                matches = {
                    "curl: (22) The requested URL returned error: 501",
                    "urllib.error.HTTPError: HTTP Error 501: Not Implemented",
                    "> Received status code 501 from server: Not Implemented",
                },
                rejects = { "expected status 501 in test", "GET /x 501 in 3 ms", "ERROR 5012 rows" },
            },
        },
        {
            id = "network.too_many_requests", title = "Too many requests (429)",
            match = [[(?:curl: \(22\) The requested URL returned error: 429|ERROR 429: |HTTP Error 429: |]] ..
                [[429 Client Error: |429 Too Many Requests|code E429)]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "The server limits requests, and runners share their addresses with many others.",
            fix = "Sign in where the service lets more through then, cache what is downloaded, and wait as long " ..
                "as `Retry-After` says.",
            docs = { "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Status/429" },
            examples = {
                matches = { "curl: (22) The requested URL returned error: 429", "Error: 429 Too Many Requests" },
                rejects = { "tests of too many requests passed" },
            },
        },
        {
            id = "network.truncated", title = "A download was cut short",
            match = [[(?:curl: \((?:18|92)\)|IncompleteRead\(|transfer closed with (?:\d+ bytes remaining|]] ..
                [[outstanding read data)|Unexpected end of archive)]],
            class = "flaky", severity = "error", priority = 76,
            cause = "Fewer bytes came than announced.",
            fix = "Run again, with retries; check the download's checksum before it is used.",
            commands = { "curl --retry 5 --retry-all-errors -fsSLO URL" },
            docs = { "https://curl.se/libcurl/c/libcurl-errors.html" },
            examples = {
                matches = {
                    "curl: (18) transfer closed with 12345 bytes remaining to read",
                    "urllib3.exceptions.ProtocolError: ('Connection broken: IncompleteRead(123 bytes read, 456 " ..
                        "more expected)', IncompleteRead(123 bytes read, 456 more expected))",
                },
                rejects = { "read 123 bytes" },
            },
        },
        {
            id = "network.proxy", title = "The proxy is in the way",
            match = [[(?:407 Proxy Authentication Required|curl: \(5\) Could not resolve proxy|]] ..
                [[Cannot connect to proxy|Received HTTP code (?<status>\d{3}) from proxy after CONNECT|]] ..
                [[CONNECT tunnel failed, response (?<code>\d{3})|tunneling socket could not be established)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "The proxy set in HTTP_PROXY or HTTPS_PROXY does not answer, wants credentials, or refuses " ..
                "the host.",
            fix = "Check the variables, and NO_PROXY for local hosts. Ask for the host to be allowed if the proxy " ..
                "refuses it.",
            commands = { "env | grep -i _proxy" },
            docs = { "https://docs.github.com/en/actions/how-tos/manage-runners/use-proxy-servers" },
            examples = {
                matches = {
                    "curl: (56) Received HTTP code 403 from proxy after CONNECT",
                    "curl: (5) Could not resolve proxy: proxy.example.org",
                    "Error: tunneling socket could not be established, statusCode=407",
                },
                rejects = { "Using proxy http://proxy:3128" },
            },
        },
        {
            id = "network.port_taken", title = "The port is taken",
            match = [[(?:EADDRINUSE(?:: address already in use)?|[Aa]ddress already in use|]] ..
                [[port is already allocated|Only one usage of each socket address)]],
            class = "flaky", severity = "error", priority = 84,
            cause = "Another process of this machine listens on that port: an earlier test that did not stop its " ..
                "server, a parallel test, or a service of the runner image.",
            fix = "Let tests ask for a free port (port 0) and stop their servers; see who holds it.",
            commands = { "ss -ltnp" },
            docs = { "https://man7.org/linux/man-pages/man2/bind.2.html" },
            examples = {
                matches = {
                    "Error: listen EADDRINUSE: address already in use :::3000",
                    "OSError: [Errno 98] Address already in use",
                    "Error response from daemon: driver failed programming external connectivity on endpoint db: " ..
                        "Bind for 0.0.0.0:5432 failed: port is already allocated",
                },
                rejects = { "address in use: no" },
            },
        },
    },
}
