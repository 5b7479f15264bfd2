-- Databases and other services that tests talk to.

return {
    about = "Databases and other services that tests talk to",
    entries = {
        {
            id = "postgres.refused", title = "PostgreSQL is not reachable",
            match = [[(?:PG::ConnectionBad|psycopg2?\.OperationalError: (?:could not connect|connection)|]] ..
                [[could not connect to server: |connection to server (?:at|on socket) ).{0,160}(?:refused|]] ..
                [[No such file or directory|failed)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "No server listens at that address: no service in this job, not ready yet, or the client uses " ..
                "the socket where only a port is mapped.",
            fix = "Declare the service with a health check, set PGHOST=localhost and PGPORT (in a container job " ..
                "the host is the service's name).",
            commands = { "pg_isready -h localhost -p 5432" },
            docs = {
                "https://docs.github.com/en/actions/tutorials/use-containerized-services/create-postgresql-service" ..
                    "-containers",
            },
            examples = {
                matches = {
                    "psycopg2.OperationalError: connection to server at \"localhost\" (127.0.0.1), port 5432 " ..
                        "failed: Connection refused",
                    "PG::ConnectionBad: could not connect to server: Connection refused",
                },
                rejects = { "connection to server established" },
            },
        },
        {
            id = "postgres.role_or_database",
            title = "PostgreSQL has no such role or database, or the password is wrong",
            match = [[FATAL:\s+(?:(?<kind>role|database) "(?<name>[^"]+)" does not exist|]] ..
                [[password authentication failed for user "(?<user>[^"]+)"|no pg_hba\.conf entry)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The client uses another user, password or database than the service was made with; without " ..
                "settings it takes the system user's name (root, runner).",
            fix = "Make PGUSER, PGPASSWORD and PGDATABASE the same as the service's POSTGRES_ variables; create " ..
                "the database before the tests.",
            commands = { "psql -h localhost -U postgres -l" },
            docs = { "https://hub.docker.com/_/postgres" },
            examples = {
                matches = {
                    "psql: error: connection to server at \"localhost\" (::1), port 5432 failed: FATAL:  role " ..
                        "\"root\" does not exist",
                    "FATAL:  password authentication failed for user \"postgres\"",
                },
                rejects = { "CREATE ROLE" },
            },
        },
        {
            id = "mysql.unreachable", title = "MySQL is not reachable",
            match = [[(?:Can't connect to (?:local )?(?:MySQL|MariaDB)? ?server (?:through socket|]] ..
                [[on) '?(?<where>[^'\s]+)|SQLSTATE\[HY000\] \[2002\])]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "No server there: not started, not ready, or the client takes `localhost` for a socket where " ..
                "the port is mapped.",
            fix = "Use 127.0.0.1 with the port, and wait for health. On hosted Ubuntu runners: `sudo systemctl " ..
                "start mysql`.",
            commands = { "mysqladmin ping -h 127.0.0.1" },
            docs = { "https://dev.mysql.com/doc/refman/8.0/en/can-not-connect-to-server.html" },
            examples = {
                matches = {
                    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket " ..
                        "'/var/run/mysqld/mysqld.sock' (2)",
                    "PDOException: SQLSTATE[HY000] [2002] Connection refused",
                },
                rejects = { "mysqld is alive" },
            },
        },
        {
            id = "mysql.access_denied", title = "MySQL refuses the user {user}",
            match = [[Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)'|]] ..
                [[Authentication plugin '(?<plugin>[\w]+)' cannot be loaded]],
            class = "permission", severity = "error", priority = 88,
            cause = "Password or host do not fit, or an old client does not know caching_sha2_password of MySQL 8.",
            fix = "Use the service's MYSQL_ROOT_PASSWORD (on GitHub's Ubuntu images root has the password " ..
                "`root`), update the client.",
            docs = { "https://dev.mysql.com/doc/refman/8.0/en/problems-connecting.html" },
            examples = {
                matches = { "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)" },
                rejects = { "GRANT ALL ON *.* TO 'root'@'localhost'" },
            },
        },
        {
            id = "redis.unreachable", title = "Redis is not reachable",
            match = [[(?:Error connecting to Redis on (?<address>\S+)|redis\.exceptions\.ConnectionError|]] ..
                [[Redis::CannotConnectError|Could not connect to Redis at (?<where>\S+): |]] ..
                [[Error \d+ connecting to (?<host>\S+:6379))]],
            class = "missing setup", severity = "error", priority = 82,
            cause = "No Redis at that address in this job.",
            fix = "Declare it under `services:` with its port mapped, and wait for health.",
            docs = {
                "https://docs.github.com/en/actions/tutorials/use-containerized-services/create-redis-service-cont" ..
                    "ainers",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Redis for the job",
                yaml = "services:\n" ..
                    "  redis:\n" ..
                    "    image: redis:7\n" ..
                    "    ports: ['6379:6379']\n" ..
                    "    options: --health-cmd \"redis-cli ping\" --health-interval 5s --health-retries 10\n",
            },
            examples = {
                matches = {
                    "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
                    "Error connecting to Redis on 127.0.0.1:6379 (Errno::ECONNREFUSED) (Redis::CannotConnectError)",
                },
                rejects = { "Ready to accept connections" },
            },
        },
        {
            id = "mongo.unreachable", title = "MongoDB is not reachable",
            match = [[(?:MongoNetworkError: |MongoServerSelectionError: |MongooseServerSelectionError: |]] ..
                [[pymongo\.errors\.ServerSelectionTimeoutError: )(?<why>.{1,160})]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "{why}: no server at that address, or not ready in time.",
            fix = "Declare it under `services:`, and use 127.0.0.1 (Node prefers IPv6 for localhost).",
            docs = { "https://www.mongodb.com/docs/manual/reference/connection-string/" },
            examples = {
                matches = { "MongoServerSelectionError: connect ECONNREFUSED ::1:27017" },
                rejects = { "MongoDB starting" },
            },
        },
        {
            id = "elasticsearch.map_count", title = "vm.max_map_count is too low for Elasticsearch",
            match = [[max virtual memory areas vm\.max_map_count \[(?<actual>\d+)\] is too low]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "Elasticsearch and OpenSearch need 262144 mapped areas; this machine allows {actual}.",
            fix = "Raise it on the host before the container starts.",
            commands = { "sudo sysctl -w vm.max_map_count=262144" },
            docs = { "https://www.elastic.co/docs/deploy-manage/deploy/self-managed/vm-max-map-count" },
            examples = {
                matches = {
                    "bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too " ..
                        "low, increase to at least [262144]",
                },
                rejects = { "vm.max_map_count = 262144" },
            },
        },
        {
            id = "sqlite.locked", title = "SQLite's database is locked",
            match = [[(?:database is locked|SQLITE_BUSY)]],
            class = "flaky", severity = "error", priority = 78,
            cause = "Two processes or connections write the same file at once, mostly parallel tests, or a " ..
                "transaction stays open.",
            fix = "Give each worker its own file, set a busy timeout, use WAL mode.",
            docs = { "https://www.sqlite.org/rescode.html#busy" },
            examples = {
                matches = { "sqlite3.OperationalError: database is locked" },
                rejects = { "database is open" },
            },
        },
        {
            id = "display.missing", title = "There is no display",
            match = [[(?:no display name and no \$DISPLAY environment variable|Missing X server or \$DISPLAY|]] ..
                [[[Cc]an(?:not|'t) open display|could not connect to display|]] ..
                [[Could not load the Qt platform plugin "xcb"|Unable to open X display|]] ..
                [[GLFWError: .{0,20}X11: The DISPLAY)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The program wants a screen, and a runner has none.",
            fix = "Run it under `xvfb-run`, or without a screen (`QT_QPA_PLATFORM=offscreen`, `MPLBACKEND=Agg`, " ..
                "headless mode).",
            commands = { "xvfb-run -a COMMAND" },
            docs = { "https://manpages.debian.org/xvfb-run" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A virtual screen",
                yaml = "- run: sudo apt-get install -y xvfb && xvfb-run -a make test\n",
            },
            examples = {
                matches = {
                    "_tkinter.TclError: no display name and no $DISPLAY environment variable",
                    "[1234:0101/000000.000000:ERROR:ozone_platform_x11.cc(239)] Missing X server or $DISPLAY",
                    "qt.qpa.xcb: could not connect to display",
                },
                rejects = { "DISPLAY=:99" },
            },
        },
    },
}
