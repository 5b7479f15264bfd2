-- TLS: certificates, names and protocol versions.

return {
    about = "TLS: certificates, names and protocol versions",
    entries = {
        {
            id = "tls.unknown_issuer", title = "The certificate's issuer is not trusted",
            match = [[(?:unable to get (?:local )?issuer certificate|unable to verify the first certificate|]] ..
                [[UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)\w*|certificate signed by unknown authority|]] ..
                [[server certificate verification failed|Peer's Certificate issuer is not recognized)]],
            unless = [[verify error:num=|Verif(?:y return code|ication error)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "No certificate authority of this machine signed the server's certificate: the bundle is " ..
                "missing (slim images lack ca-certificates) or old, the server leaves out an intermediate, or a " ..
                "proxy puts its own in between.",
            fix = "Install or update ca-certificates. Behind a proxy, add its authority: NODE_EXTRA_CA_CERTS, " ..
                "REQUESTS_CA_BUNDLE, SSL_CERT_FILE, GIT_SSL_CAINFO. Do not switch verification off.",
            commands = {
                "apt-get update && apt-get install -y ca-certificates",
                "openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null",
            },
            docs = { "https://curl.se/docs/sslcerts.html" },
            examples = {
                matches = {
                    "curl: (60) SSL certificate problem: unable to get local issuer certificate",
                    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: " ..
                        "unable to get local issuer certificate (_ssl.c:1006)",
                    "fatal: unable to access 'https://example.org/x/': server certificate verification failed. " ..
                        "CAfile: none CRLfile: none",
                    "x509: certificate signed by unknown authority",
                },
                rejects = {
                    "SSL certificate verify ok.",
                    "verify error:num=20:unable to get local issuer certificate",
                },
            },
        },
        {
            id = "tls.self_signed", title = "The certificate is self-signed",
            match = [[(?:self[- ]signed certificate(?! in tests)|SELF_SIGNED_CERT_IN_CHAIN|]] ..
                [[DEPTH_ZERO_SELF_SIGNED_CERT)]],
            unless = [[verify error:num=|Verif(?:y return code|ication error)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The server, or a proxy in between that inspects traffic, uses a certificate of its own making.",
            fix = "Add that certificate or its authority to the ones trusted in this job (NODE_EXTRA_CA_CERTS, " ..
                "REQUESTS_CA_BUNDLE, SSL_CERT_FILE), after making sure whose it is.",
            commands = { "openssl s_client -connect HOST:443 -servername HOST </dev/null" },
            docs = { "https://curl.se/docs/sslcerts.html" },
            examples = {
                matches = {
                    "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
                    "npm error code SELF_SIGNED_CERT_IN_CHAIN",
                },
                rejects = { "Generating a self signed key" },
            },
        },
        {
            id = "tls.expired", title = "A certificate has expired",
            match = [[(?:certificate has expired|CERT_HAS_EXPIRED|certificate is not yet valid|]] ..
                [[expired or is not yet valid)]],
            unless = [[verify error:num=|Verif(?:y return code|ication error)]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "The server's certificate (or an old root on this machine) is out of date, or this machine's " ..
                "clock is wrong.",
            fix = "If it is the server: only its owner can renew it. If only old images fail, update their " ..
                "ca-certificates. Compare `date` too.",
            commands = {
                "date && openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -noout -dates",
            },
            docs = { "https://letsencrypt.org/docs/dst-root-ca-x3-expiration-september-2021/" },
            examples = {
                matches = {
                    "curl: (60) SSL certificate problem: certificate has expired",
                    "x509: certificate has expired or is not yet valid: current time 2024-05-01T10:00:00Z is " ..
                        "after 2021-09-30T14:01:15Z",
                },
                rejects = { "certificate valid until 2030" },
            },
        },
        {
            id = "tls.wrong_name", title = "The certificate is for another name",
            match = [[(?:no alternative certificate subject name matches|]] ..
                [[no certificate subject alternative name matches|ERR_TLS_CERT_ALTNAME_INVALID|]] ..
                [[Hostname/IP does not match certificate's altnames|certificate is valid for .{1,120}, not |]] ..
                [[Hostname mismatch, certificate is not valid for|certificate verify failed: IP address mismatch)]],
            unless = [[WARNING: no certificate subject]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The server shows a certificate that does not cover the name it was called by: a moved or " ..
                "parked host, a missing name, or a proxy.",
            fix = "Use the name that the certificate has; otherwise its owner must fix it.",
            commands = {
                "openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -noout -ext " ..
                    "subjectAltName",
            },
            docs = { "https://developer.mozilla.org/en-US/docs/Web/Security/Transport_Layer_Security" },
            examples = {
                matches = {
                    "curl: (60) SSL: no alternative certificate subject name matches target host name " ..
                        "'wrong.example.org'",
                    "ERROR: no certificate subject alternative name matches",
                    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: " ..
                        "Host: localhost. is not in the cert's altnames",
                },
                rejects = {
                    "subject alternative name: example.org",
                    "WARNING: no certificate subject alternative name matches",
                },
            },
        },
        {
            id = "tls.not_tls", title = "TLS was spoken to a port that does not speak it",
            match = [[(?:wrong version number|packet length too long|]] ..
                [[first record does not look like a TLS handshake|server gave HTTP response to HTTPS client|]] ..
                [[http: server gave HTTP response|EPROTO .{0,80}wrong version)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The other side answered in plain text: https:// to an http port, or a proxy variable with " ..
                "https:// for a plain proxy.",
            fix = "Use http:// for that port, or the port for TLS; write HTTPS_PROXY=http://… for a usual proxy.",
            docs = { "https://docs.openssl.org/master/man1/openssl-s_client/" },
            examples = {
                matches = {
                    "curl: (35) error:0A00010B:SSL routines::wrong version number",
                    "Error response from daemon: Get \"https://localhost:5000/v2/\": http: server gave HTTP " ..
                        "response to HTTPS client",
                },
                rejects = { "version number: 1.2" },
            },
        },
        {
            id = "tls.protocol_mismatch", title = "Client and server share no TLS version or cipher",
            match = [[(?:alert handshake failure|alert protocol version|unsupported protocol|]] ..
                [[no protocols available|ERR_SSL_VERSION_OR_CIPHER_MISMATCH|]] ..
                [[Could not create SSL/TLS secure channel|tlsv1 alert)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "One of both is too old: the server offers only TLS 1.0 or 1.1, which current systems refuse, " ..
                "or the client (old PowerShell, Java 7, Python 2.7, OpenSSL 1.0) does not know TLS 1.2.",
            fix = "Update the older side. PowerShell 5: `[Net.ServicePointManager]::SecurityProtocol = 'Tls12'` " ..
                "before the download.",
            commands = { "openssl s_client -connect HOST:443 -tls1_2 </dev/null" },
            docs = { "https://docs.openssl.org/master/man1/openssl-s_client/" },
            examples = {
                matches = {
                    "curl: (35) error:1409442E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version",
                    "The request was aborted: Could not create SSL/TLS secure channel.",
                },
                rejects = { "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384" },
            },
        },
        {
            id = "tls.weak_keys", title = "OpenSSL refuses weak keys or old renegotiation",
            match = [[(?:(?:dh|ee|ca) key too small|ca md too weak|unsafe legacy renegotiation disabled)]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "OpenSSL 3 (and Debian's and Ubuntu's level 2) refuses keys below 2048 bits, SHA-1 signatures " ..
                "and old renegotiation.",
            fix = "Make test certificates anew with 2048 bits and SHA-256. For a foreign server, lower the level " ..
                "for this command only (`curl --ciphers DEFAULT@SECLEVEL=1`).",
            commands = {
                "openssl req -x509 -newkey rsa:2048 -sha256 -nodes -days 3650 -keyout key.pem -out cert.pem -subj " ..
                    "/CN=localhost",
            },
            docs = { "https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/" },
            examples = {
                matches = {
                    "ssl.SSLError: [SSL: EE_KEY_TOO_SMALL] ee key too small (_ssl.c:4034)",
                    "curl: (35) error:0A000152:SSL routines::unsafe legacy renegotiation disabled",
                },
                rejects = { "key size 4096" },
            },
        },
        {
            id = "tls.verify_failed", title = "A certificate could not be verified",
            match = [[(?:CERTIFICATE_VERIFY_FAILED|certificate verify failed|SSL certificate problem: |]] ..
                [[SSL_ERROR_\w+|OpenSSL::SSL::SSLError)]],
            class = "missing setup", severity = "error", priority = 62,
            cause = "The certificate of the server was not accepted; the words after it say why.",
            fix = "See whether the machine's certificates are current (ca-certificates; on macOS's python.org " ..
                "build \"Install Certificates.command\") and whether a proxy is in between.",
            commands = { "python -c 'import ssl; print(ssl.get_default_verify_paths())'" },
            docs = { "https://curl.se/docs/sslcerts.html" },
            examples = {
                matches = {
                    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed " ..
                        "(_ssl.c:1006)",
                    "OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 peeraddr=1.2.3.4:443 state=error",
                },
                rejects = { "certificate verified" },
            },
        },
        {
            id = "tls.ca_file_missing", title = "The file of trusted certificates is missing",
            match = [[(?:error setting certificate (?:verify locations|file)|]] ..
                [[Could not find a suitable TLS CA certificate bundle, invalid path: (?<path>\S+)|curl: \(77\))]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "curl, git or requests was told to use a bundle of certificates that is not there " ..
                "(CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE, or no ca-certificates in the image).",
            fix = "Install ca-certificates, and correct or unset the variable.",
            commands = { "env | grep -iE 'ca_bundle|ssl_cert'" },
            docs = { "https://curl.se/docs/sslcerts.html" },
            examples = {
                matches = {
                    "curl: (77) error setting certificate file: /etc/ssl/certs/ca-certificates.crt",
                    "OSError: Could not find a suitable TLS CA certificate bundle, invalid path: /missing.pem",
                },
                rejects = { "CAfile: /etc/ssl/certs/ca-certificates.crt" },
            },
        },
    },
}
