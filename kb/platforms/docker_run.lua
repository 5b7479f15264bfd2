-- Docker: building images and running containers.

return {
    about = "Docker: building images and running containers",
    entries = {
        {
            id = "docker.copy_missing", title = "A file for COPY is not in the build context",
            match = [[(?:failed to compute cache key: .{0,200}|]] ..
                [[failed to calculate checksum of ref .{1,160})"(?<path>[^"]+)": not found|]] ..
                [[COPY failed: (?:file not found in build context|no source files|stat )]],
            class = "code bug", severity = "error", priority = 92,
            cause = "COPY or ADD names something that is not in the context: excluded by .dockerignore, not built " ..
                "yet, outside of the folder given, or spelt otherwise.",
            fix = "Paths are relative to the context (the last argument of `docker build`), not to the " ..
                "Dockerfile. Look into .dockerignore, and build what is copied before.",
            docs = { "https://docs.docker.com/build/concepts/context/" },
            examples = {
                matches = {
                    "ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref " ..
                        "abc::xyz: \"/requirements.txt\": not found",
                    "COPY failed: file not found in build context or excluded by .dockerignore: stat app.jar: " ..
                        "file does not exist",
                },
                rejects = { "#5 [2/4] COPY requirements.txt ." },
            },
        },
        {
            id = "docker.run_step_failed", title = "A RUN step failed with code {code}",
            match = [[process "(?<command>.{1,300})" did not complete successfully: exit code: (?<code>\d+)|]] ..
                [[The command '(?<old>.{1,300})' returned a non-zero code: \d+]],
            class = "code bug", severity = "error", priority = 34,
            cause = "A command of the Dockerfile failed. What it printed stands above, with the step's number in " ..
                "front.",
            fix = "Read the step's output, or build with `--progress=plain` to see all of it.",
            commands = { "docker build --progress=plain --no-cache ." },
            docs = { "https://docs.docker.com/reference/dockerfile/#run" },
            examples = {
                matches = {
                    "ERROR: failed to solve: process \"/bin/sh -c npm ci\" did not complete successfully: exit " ..
                        "code: 1",
                },
                rejects = { "#7 DONE 1.2s" },
            },
        },
        {
            id = "docker.build_failed", title = "The image could not be built",
            match = [[(?:ERROR: |error: )failed to (?:solve|build): (?<message>.{1,300})]],
            class = "code bug", severity = "error", priority = 30,
            cause = "BuildKit stopped: {message}",
            fix = "If it names a process, read that step's output above; otherwise the message is the reason.",
            commands = { "docker build --progress=plain ." },
            docs = { "https://docs.docker.com/build/" },
            examples = {
                matches = {
                    "ERROR: failed to solve: rpc error: code = Unknown desc = failed to fetch anonymous token",
                },
                rejects = { "#8 DONE 0.1s" },
            },
        },
        {
            id = "docker.daemon_error", title = "Docker's daemon refused",
            match = [[Error response from daemon: (?<message>\S.{1,300})]],
            class = "infrastructure", severity = "error", priority = 38,
            cause = "The daemon's words: {message}",
            fix = "They mostly say what is wrong; the daemon's own log has more on a self-hosted machine.",
            commands = { "docker info" },
            docs = { "https://docs.docker.com/engine/daemon/troubleshoot/" },
            examples = {
                matches = { "Error response from daemon: No such container: db" },
                rejects = { "Server Version: 28.2.2" },
            },
        },
        {
            id = "docker.dockerfile_error", title = "The Dockerfile is malformed or missing",
            match = [[(?:[Dd]ockerfile parse error (?:on )?line (?<line>\d+): (?<message>.{1,120})|]] ..
                [[failed to read dockerfile: (?:open )?(?<file>\S+?): no such file|]] ..
                [[unable to prepare context: (?<why>.{1,160})|unknown instruction: (?<word>\w+))]],
            class = "code bug", severity = "error", priority = 92,
            cause = "The builder cannot read the Dockerfile: a mistake in it, or another name or folder than the " ..
                "one given.",
            fix = "Fix the line, or give the right file with `-f` and the right context.",
            commands = { "docker build --check ." },
            docs = { "https://docs.docker.com/reference/dockerfile/" },
            examples = {
                matches = {
                    "ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: RUNN",
                    "ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory",
                    "unable to prepare context: path \"app\" not found",
                },
                rejects = { "[internal] load build definition from Dockerfile" },
            },
        },
        {
            id = "docker.name_taken", title = "The container name {name} is taken",
            match = [[Conflict\. The container name "/?(?<name>[^"]+)" is already in use]],
            class = "flaky", severity = "error", priority = 84,
            cause = "A container of that name is left from an earlier step or run on this machine.",
            fix = "Remove it before (`docker rm -f`), start with `--rm`, and use names that differ by run.",
            commands = { "docker rm -f {name}" },
            docs = { "https://docs.docker.com/reference/cli/docker/container/rm/" },
            examples = {
                matches = {
                    "docker: Error response from daemon: Conflict. The container name \"/db\" is already in use " ..
                        "by container \"abc\". You have to remove (or rename) that container to be able to reuse " ..
                        "that name.",
                },
                rejects = { "Container db Started" },
            },
        },
        {
            id = "docker.not_a_tty", title = "There is no terminal in CI",
            match = [[the input device is not a TTY]],
            class = "code bug", severity = "error", priority = 93,
            cause = "`docker run -t` (or `exec -t`) asks for a terminal.",
            fix = "Leave `-t` out; with Compose, use `docker compose exec -T`.",
            docs = { "https://docs.docker.com/reference/cli/docker/container/run/" },
            examples = {
                matches = { "the input device is not a TTY" },
                rejects = { "docker run -t" },
            },
        },
        {
            id = "docker.command_missing", title = "The image has no program {command}",
            match = [[exec: "(?<command>[^"]+)": (?:executable file not found in \$PATH|]] ..
                [[stat \S+: no such file or directory|permission denied)]],
            unless = [[OCI runtime exec failed]],
            class = "code bug", severity = "error", priority = 88,
            cause = "The container's command `{command}` does not exist in the image or is not executable: a copy " ..
                "without the x bit, Windows line ends in a script, or an argument taken for the command.",
            fix = "Check ENTRYPOINT and CMD; `chmod +x` scripts (in git: `git update-index --chmod=+x`), keep " ..
                "them with LF.",
            commands = { "docker run --rm --entrypoint ls IMAGE -l" },
            docs = { "https://docs.docker.com/reference/dockerfile/#entrypoint" },
            examples = {
                matches = {
                    "docker: Error response from daemon: failed to create task for container: failed to create " ..
                        "shim task: OCI runtime create failed: runc create failed: unable to start container " ..
                        "process: exec: \"/entrypoint.sh\": permission denied: unknown.",
                },
                rejects = {
                    "OCI runtime exec failed: exec failed: unable to start container process: exec: \"bash\": " ..
                        "executable file not found in $PATH: unknown",
                },
            },
        },
        {
            id = "docker.compose_missing", title = "This runner has the other Docker Compose",
            match = [[(?:docker-compose: (?:command )?not found|docker: 'compose' is not a docker command|]] ..
                [[unknown shorthand flag: 'f' in -f)]],
            class = "version mismatch", severity = "error", priority = 95,
            cause = "Compose v1 (`docker-compose`) is gone from the runner images, and older machines lack v2 " ..
                "(`docker compose`).",
            fix = "Write `docker compose`; on other machines install the plugin docker-compose-plugin.",
            commands = { "docker compose version" },
            docs = { "https://docs.docker.com/compose/releases/migrate/" },
            examples = {
                matches = {
                    "/home/runner/work/_temp/a.sh: line 1: docker-compose: command not found",
                    "docker: 'compose' is not a docker command.",
                },
                rejects = { "Docker Compose version v2.24.5" },
            },
        },
        {
            id = "docker.dependency_unhealthy", title = "The container {container} did not become healthy",
            match = [[(?:dependency failed to start: )?container (?<container>\S+) (?:is unhealthy|]] ..
                [[exited \(\d+\))|Container for service "?(?<service>\S+?)"? is unhealthy]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "A service's health check kept failing, so what depends on it did not start. The service's " ..
                "own log says why.",
            fix = "Print its log when the step fails (`docker compose logs`), and give a slow start more " ..
                "`retries` or `start_period`.",
            commands = { "docker compose logs {container}" },
            docs = { "https://docs.docker.com/compose/how-tos/startup-order/" },
            examples = {
                matches = { "dependency failed to start: container demo-db-1 is unhealthy" },
                rejects = { "Container demo-db-1 Healthy" },
            },
        },
        {
            id = "docker.service_container_failed", title = "A service container of the job did not start",
            match = [[(?:Failed to initialize container (?<image>\S+)|One or more containers failed to start)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "The image under `services:` ended or failed its health check. Its log is printed above: " ..
                "mostly a variable is missing (POSTGRES_PASSWORD, MYSQL_ROOT_PASSWORD), or the image's name is " ..
                "wrong.",
            fix = "Give the variables that the image demands, and a health check that its tools can run.",
            docs = {
                "https://docs.github.com/en/actions/tutorials/use-containerized-services/use-docker-service-contai" ..
                    "ners",
            },
            examples = {
                matches = {
                    "##[error]Failed to initialize container postgres:16",
                    "##[error]One or more containers failed to start.",
                },
                rejects = { "postgres service is healthy." },
            },
        },
        {
            id = "docker.buildx_driver", title = "The default builder cannot do that",
            match = [[(?:Cache export is not supported for the docker driver|]] ..
                [[[Mm]ulti-?platform build is not supported for the docker driver|]] ..
                [[OCI exporter is not supported for the docker driver|]] ..
                [[docker exporter does not currently support exporting manifest lists)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "Exporting caches, several platforms at once and other outputs need a builder of the driver " ..
                "`docker-container`.",
            fix = "Set up buildx before the build; several platforms must be pushed, for they cannot be loaded.",
            commands = { "docker buildx create --use" },
            docs = { "https://docs.docker.com/build/builders/drivers/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A builder that can",
                yaml = "- uses: docker/setup-buildx-action@v3\n",
            },
            examples = {
                matches = {
                    "ERROR: Cache export is not supported for the docker driver.",
                    "ERROR: Multi-platform build is not supported for the docker driver.",
                },
                rejects = { "Creating a new builder instance" },
            },
        },
        {
            id = "docker.invalid_reference", title = "That is no name of an image",
            match = [[(?:invalid reference format(?<detail>: repository name .{0,60}must be lowercase)?|]] ..
                [[invalid tag "(?<tag>[^"]+)")]],
            class = "code bug", severity = "error", priority = 92,
            cause = "Names of images are lower-case, without blanks; an owner with capitals, a branch with `/` or " ..
                "an empty variable make them invalid.",
            fix = "Use docker/metadata-action, or lower-case the owner: `${GITHUB_REPOSITORY,,}`.",
            docs = { "https://docs.docker.com/reference/cli/docker/image/tag/" },
            examples = {
                matches = {
                    "invalid reference format: repository name (Acme/demo) must be lowercase",
                    "ERROR: invalid tag \"ghcr.io/Acme/demo:latest\": repository name must be lowercase",
                },
                rejects = { "reference format ok" },
            },
        },
        {
            id = "docker.api_version", title = "Client and daemon of Docker differ too much",
            match = [[client version (?<client>[\d.]+) is too (?<which>old|new)\. (?:Minimum|]] ..
                [[Maximum) supported API version is (?<limit>[\d.]+)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The client speaks API {client}, and the daemon's limit is {limit}: an old docker binary or " ..
                "library (testcontainers, docker-maven-plugin) against a new daemon, or the other way round.",
            fix = "Update the older side; for a short time DOCKER_API_VERSION={limit} for a client that is too new.",
            commands = { "docker version" },
            docs = { "https://docs.docker.com/reference/api/engine/" },
            examples = {
                matches = {
                    "Error response from daemon: client version 1.24 is too old. Minimum supported API version is " ..
                        "1.44, please upgrade your client to a newer version",
                },
                rejects = { "API version: 1.43 (minimum version 1.24)" },
            },
        },
        {
            id = "docker.bind_source_missing", title = "The folder to mount does not exist",
            match = [[invalid mount config for type "bind": bind source path does not exist: (?<path>\S+)|]] ..
                [[bind source path does not exist]],
            class = "code bug", severity = "error", priority = 88,
            cause = "`--mount type=bind` needs a path that exists on the daemon's machine; within a container " ..
                "that shares the host's socket, paths are the host's.",
            fix = "Make the folder before, and give a path of the host.",
            docs = { "https://docs.docker.com/engine/storage/bind-mounts/" },
            examples = {
                matches = {
                    "docker: Error response from daemon: invalid mount config for type \"bind\": bind source path " ..
                        "does not exist: /home/runner/data.",
                },
                rejects = { "type=bind,source=/data,target=/data" },
            },
        },
        {
            id = "docker.networks_exhausted", title = "Docker has no address range left for a network",
            match = [[could not find an available, non-overlapping IPv4 address pool|]] ..
                [[all predefined address pools have been fully subnetted]],
            class = "infrastructure", severity = "error", priority = 88,
            cause = "Each Compose project makes a network, and some 30 fit; on a self-hosted machine old ones stay.",
            fix = "Remove those that nobody uses, and end with `docker compose down`.",
            commands = { "docker network prune -f" },
            docs = { "https://docs.docker.com/reference/cli/docker/network/prune/" },
            examples = {
                matches = {
                    "failed to create network demo_default: Error response from daemon: could not find an " ..
                        "available, non-overlapping IPv4 address pool among the defaults to assign to the network",
                },
                rejects = { "Network demo_default Created" },
            },
        },
    },
}
