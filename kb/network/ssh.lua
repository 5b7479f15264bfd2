-- SSH, rsync, tmate and GnuPG.

return {
    about = "SSH, rsync, tmate and GnuPG",
    entries = {
        {
            id = "ssh.public_key_denied", title = "The SSH key is not accepted",
            match = [[Permission denied \((?<methods>publickey[^)]*)\)]],
            class = "permission", severity = "error", priority = 90,
            cause = "The server knows none of the keys that were offered (or none was): no key in this job, the " ..
                "public half is not registered there, or an address `git@…` is used where only a token is at hand.",
            fix = "Load the key (webfactory/ssh-agent, or checkout's `ssh-key`), register its public half as a " ..
                "deploy key, or use https addresses.",
            commands = { "ssh -vT git@github.com" },
            docs = {
                "https://docs.github.com/en/authentication/troubleshooting-ssh/error-permission-denied-publickey",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A key for the job",
                yaml = "- uses: webfactory/ssh-agent@v0.9.0\n" ..
                    "  with:\n" ..
                    "    ssh-private-key: ${{ secrets.DEPLOY_KEY }}\n",
            },
            examples = {
                matches = {
                    "git@github.com: Permission denied (publickey).",
                    "deploy@example.org: Permission denied (publickey,password).",
                },
                rejects = { "Hi acme! You've successfully authenticated, but GitHub does not provide shell access." },
            },
        },
        {
            id = "ssh.host_key_unknown", title = "The server's host key is not known",
            match = [[Host key verification failed|No (?<kind>\w+) host key is known for (?<host>\S+) and you ]] ..
                [[have requested strict checking]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The server is not in known_hosts, and nobody can answer the question in CI.",
            fix = "Add its key to known_hosts, taken from the server's documentation and not blindly from the " ..
                "network.",
            commands = { "ssh-keyscan -t ed25519 HOST >> ~/.ssh/known_hosts" },
            docs = {
                "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fi" ..
                    "ngerprints",
            },
            examples = {
                matches = { "Host key verification failed." },
                rejects = { "Warning: Permanently added 'github.com' (ED25519) to the list of known hosts." },
            },
        },
        {
            id = "ssh.host_key_changed", title = "The server's host key has changed",
            match = [[WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED]],
            class = "permission", severity = "error", priority = 95,
            cause = "The server's key is not the one in known_hosts: it was set up anew or changed its key, or " ..
                "somebody is in between.",
            fix = "Ask whoever runs it, then replace the old line.",
            commands = { "ssh-keygen -R HOST" },
            docs = { "https://man.openbsd.org/ssh#VERIFYING_HOST_KEYS" },
            examples = {
                matches = { "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @" },
                rejects = { "The authenticity of host 'example.org' can't be established." },
            },
        },
        {
            id = "ssh.connect_failed", title = "{host} port {port} cannot be reached by SSH",
            match = [[ssh: connect to host (?<host>\S+) port (?<port>\d+): (?<why>[\w ]+)]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "{why}: the server is down, a firewall drops the runner's address, or the port is another.",
            fix = "Check host and port. Servers behind a firewall need a self-hosted runner or a tunnel, for " ..
                "hosted runners' addresses change.",
            commands = { "nc -vz {host} {port}" },
            docs = { "https://man.openbsd.org/ssh_config" },
            examples = {
                matches = {
                    "ssh: connect to host example.org port 22: Connection timed out",
                    "ssh: connect to host 10.0.0.5 port 2222: Connection refused",
                },
                rejects = { "Connected to example.org." },
            },
        },
        {
            id = "ssh.malformed_key", title = "The private key cannot be read",
            match = [[(?:Load key "(?<file>[^"]+)": (?<why>invalid format|error in libcrypto|[\w ]+ format)|]] ..
                [[Error loading key "(?<agent>[^"]+)": (?<reason>.{1,60})|The ssh-private-key argument is empty)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "The secret does not hold the whole key: the last line break or the BEGIN and END lines are " ..
                "missing, Windows line ends, or it is empty (runs from forks).",
            fix = "Store the file as it is, with its last line break. Write it with `printf '%s\\n' \"$KEY\"`.",
            commands = { "ssh-keygen -yf KEYFILE" },
            docs = { "https://github.com/webfactory/ssh-agent#readme" },
            examples = {
                matches = {
                    "Load key \"/home/runner/.ssh/id_rsa\": invalid format",
                    "Load key \"/home/runner/.ssh/id_ed25519\": error in libcrypto",
                    "Error loading key \"(stdin)\": error in libcrypto",
                    "The ssh-private-key argument is empty. Maybe the secret has not been configured, or you are " ..
                        "using a wrong secret name in your workflow file.",
                },
                rejects = { "Identity added: (stdin) (deploy)" },
            },
        },
        {
            id = "ssh.key_too_open", title = "The key file is readable by others",
            match = [[Permissions (?<mode>0\d{3}) for '(?<file>[^']+)' are too open]],
            class = "permission", severity = "error", priority = 94,
            cause = "ssh ignores `{file}` because its mode is {mode}.",
            fix = "`chmod 600` it after writing.",
            commands = { "chmod 600 '{file}'" },
            docs = { "https://man.openbsd.org/ssh#FILES" },
            examples = {
                matches = { "Permissions 0644 for '/home/runner/.ssh/id_rsa' are too open." },
                rejects = { "drwx------ 2 runner docker 4096 .ssh" },
            },
        },
        {
            id = "ssh.no_agent", title = "There is no SSH agent",
            match = [[Could not open a connection to your authentication agent]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "`ssh-add` ran without an agent in this step; the variables of an earlier step's agent are gone.",
            fix = "Start it in the same step (`eval \"$(ssh-agent -s)\"`), or use an action that keeps it for the " ..
                "job.",
            commands = { "eval \"$(ssh-agent -s)\"" },
            docs = { "https://man.openbsd.org/ssh-agent" },
            examples = {
                matches = { "Could not open a connection to your authentication agent." },
                rejects = { "Agent pid 2113" },
            },
        },
        {
            id = "ssh.algorithms", title = "Client and server share no {kind}",
            match = [[no matching (?<kind>host key type|key exchange method|cipher|]] ..
                [[MAC) found\. Their offer: (?<offer>\S+)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The server offers only {offer}, which the newer OpenSSH client does not accept any more " ..
                "(ssh-rsa with SHA-1, old ciphers).",
            fix = "Update the server. As a stop-gap allow it for this host only, in ssh_config.",
            commands = { "ssh -o HostKeyAlgorithms=+ssh-rsa -o PubkeyAcceptedAlgorithms=+ssh-rsa HOST" },
            docs = { "https://www.openssh.com/legacy.html" },
            examples = {
                matches = {
                    "Unable to negotiate with 10.0.0.5 port 22: no matching host key type found. Their offer: " ..
                        "ssh-rsa,ssh-dss",
                },
                rejects = { "debug1: kex: host key algorithm: ssh-ed25519" },
            },
        },
        {
            id = "ssh.connection_closed", title = "The SSH connection was closed",
            match = [[(?:kex_exchange_identification: .{1,60}|client_loop: send disconnect: Broken pipe|]] ..
                [[ssh_exchange_identification: .{1,60}|Connection closed by (?<host>\S+) port \d+|]] ..
                [[packet_write_wait: .{0,60}Broken pipe)]],
            class = "flaky", severity = "error", priority = 72,
            cause = "The other side hung up: too many connections at once (MaxStartups), a ban after failed " ..
                "tries, an idle limit, or the server went down.",
            fix = "Wait and try again; use one connection for several commands, and `ServerAliveInterval 30` for " ..
                "long silent ones.",
            docs = { "https://man.openbsd.org/ssh_config#ServerAliveInterval" },
            examples = {
                matches = {
                    "kex_exchange_identification: Connection closed by remote host",
                    "client_loop: send disconnect: Broken pipe",
                },
                rejects = { "Connection to example.org closed." },
            },
        },
        {
            id = "ssh.too_many_keys", title = "The server gave up before the right key came",
            match = [[Too many authentication failures]],
            class = "permission", severity = "error", priority = 90,
            cause = "The agent offered more keys than the server lets one try.",
            fix = "Name the key and offer no other: `IdentitiesOnly yes` with `IdentityFile`.",
            commands = { "ssh -o IdentitiesOnly=yes -i KEY HOST" },
            docs = { "https://man.openbsd.org/ssh_config#IdentitiesOnly" },
            examples = {
                matches = { "Received disconnect from 10.0.0.5 port 22:2: Too many authentication failures" },
                rejects = { "Authenticated to example.org using \"publickey\"." },
            },
        },
        {
            id = "rsync.failed", title = "rsync ended with code {code}",
            match = [[rsync error: (?<why>.{1,160}) \(code (?<code>\d+)\)]],
            class = "infrastructure", severity = "error", priority = 50,
            cause = "{why}. 11 is mostly a full disk or missing right at the target, 12 and 255 a broken " ..
                "connection (see ssh's message above), 23 and 24 some files could not be copied.",
            fix = "Fix what the lines above name; try again for a broken connection.",
            docs = { "https://download.samba.org/pub/rsync/rsync.1#EXIT_VALUES" },
            examples = {
                matches = {
                    "rsync error: unexplained error (code 255) at io.c(228) [sender=3.2.7]",
                    "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at " ..
                        "main.c(1338) [sender=3.2.7]",
                },
                rejects = { "sent 120 bytes  received 35 bytes  310.00 bytes/sec" },
            },
        },
        {
            id = "tmate.no_keys", title = "tmate knows no SSH key of the person",
            match = [[No public SSH keys registered with GitHub(?: profiles:| for user)? (?<users>[\w, -]+)]],
            class = "permission", severity = "error", priority = 88,
            cause = "action-tmate was told to let in only the person who started the run " ..
                "(`limit-access-to-actor`), whose GitHub account has no SSH key.",
            fix = "Add a key to the account, or allow others by leaving out `limit-access-to-actor` (then anyone " ..
                "with the address gets in).",
            docs = { "https://github.com/mxschmitt/action-tmate#use-registered-public-ssh-keys" },
            examples = {
                matches = { "##[error]No public SSH keys registered with GitHub profiles: octocat" },
                rejects = { "SSH: ssh abc@nyc1.tmate.io" },
            },
        },
        {
            id = "tmate.waiting", title = "A debugging session is open, and the job waits for it",
            match = [[(?:Web shell: https://tmate\.io/\S+|SSH: ssh \S{1,100}@\S{0,30}tmate\.io]]
                .. [[|ssh \S{10,100}@\S{1,30}\.tmate\.io)]],
            class = "infrastructure", severity = "warning", priority = 76,
            cause = "A step started tmate and keeps the job until somebody ends the session (`touch continue`) or " ..
                "the time limit comes.",
            fix = "Run it only when asked for: `if: ${{ failure() && inputs.debug }}`, with `timeout-minutes`.",
            docs = { "https://github.com/mxschmitt/action-tmate" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Only on request, and not for ever",
                yaml = "- uses: mxschmitt/action-tmate@v3\n" ..
                    "  if: ${{ failure() && inputs.debug }}\n" ..
                    "  timeout-minutes: 30\n",
            },
            examples = {
                matches = {
                    "SSH: ssh kXqRzK4cWw3Dqk2yS@nyc1.tmate.io",
                    "Web shell: https://tmate.io/t/kXqRzK4cWw3Dqk2yS",
                },
                rejects = { "see https://tmate.io" },
            },
        },
        {
            id = "gpg.signing_failed", title = "GnuPG could not sign: {why}",
            match = [[gpg: (?:signing failed|skipped "[^"]*"): (?<why>Inappropriate ioctl for device|]] ..
                [[No secret key|No pinentry|Unusable secret key|Timeout|Operation cancelled|Bad passphrase|]] ..
                [[Screen or window too small)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "{why}. In CI there is no terminal to ask for the passphrase, or the key was not imported (or " ..
                "has expired).",
            fix = "Import the key in this job, and hand over the passphrase with `--batch --pinentry-mode " ..
                "loopback --passphrase-fd 0`.",
            commands = { "gpg --list-secret-keys --keyid-format=long" },
            docs = { "https://www.gnupg.org/documentation/manuals/gnupg/GPG-Input-and-Output.html" },
            examples = {
                matches = {
                    "gpg: signing failed: Inappropriate ioctl for device",
                    "gpg: signing failed: No secret key",
                },
                rejects = { "gpg: Good signature from \"A U Thor\"" },
            },
        },
        {
            id = "gpg.key_unavailable", title = "A GnuPG key could not be fetched or is missing",
            match = [[(?:gpg: keyserver receive failed: (?<why>.{1,60})|]] ..
                [[gpg: Can't check signature: No public key|gpg: no valid OpenPGP data found)]],
            class = "flaky", severity = "error", priority = 82,
            cause = "A key server was not reached or does not have the key, or the download that should hold a " ..
                "key was an error page.",
            fix = "Keep the key in the repository, or fetch it by https from the project itself and check its " ..
                "fingerprint; key servers are unreliable.",
            commands = { "curl -fsSL URL | gpg --show-keys" },
            docs = { "https://www.gnupg.org/faq/gnupg-faq.html" },
            examples = {
                matches = {
                    "gpg: keyserver receive failed: No data",
                    "gpg: keyserver receive failed: Server indicated a failure",
                    "gpg: no valid OpenPGP data found.",
                },
                rejects = { "gpg: key 0123456789ABCDEF: public key \"A\" imported" },
            },
        },
    },
}
