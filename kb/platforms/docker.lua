-- Docker: images, registries and containers.

return {
    about = "Docker: images, registries and containers",
    entries = {
        {
            id = "docker.no_daemon", title = "The Docker daemon is not reachable",
            match = [[(?:Cannot connect to the Docker daemon at (?<socket>\S+?)\.? Is the docker daemon running|]] ..
                [[error during connect: .{0,120}docker_?engine|failed to connect to the docker API at (?<api>\S+))]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The client found no daemon: it is not running, a job's container does not see the host's " ..
                "socket, or macOS runners (which have none) are used.",
            fix = "Run the job on a Linux runner, start the service, mount /var/run/docker.sock into the " ..
                "container, or declare a docker:dind service where the CI needs one.",
            commands = { "docker context ls && docker info" },
            docs = { "https://docs.docker.com/engine/daemon/troubleshoot/" },
            examples = {
                matches = {
                    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon " ..
                        "running?",
                    "error during connect: this error may indicate that the docker daemon is not running: Get " ..
                        "\"http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/version\": open //./pipe/docker_engine: " ..
                        "The system cannot find the file specified.",
                },
                rejects = { "Server: Docker Engine - Community" },
            },
        },
        {
            id = "docker.socket_permission", title = "The user may not talk to the Docker daemon",
            match = [[permission denied while trying to connect to the (?:Docker daemon socket|docker API)]],
            class = "permission", severity = "error", priority = 94,
            cause = "The user of the job is not in the group `docker`.",
            fix = "Add the user to the group and start the runner anew, or use rootless Docker.",
            commands = { "sudo usermod -aG docker \"$USER\"" },
            docs = { "https://docs.docker.com/engine/install/linux-postinstall/" },
            examples = {
                matches = {
                    "permission denied while trying to connect to the Docker daemon socket at " ..
                        "unix:///var/run/docker.sock: Get " ..
                        "\"http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json\": dial unix " ..
                        "/var/run/docker.sock: connect: permission denied",
                },
                rejects = { "docker: permission granted" },
            },
        },
        {
            id = "docker.pull_rate_limit", title = "Docker Hub's limit of pulls is reached",
            match = [[toomanyrequests: (?<message>.{1,120})|]] ..
                [[You have reached your (?:unauthenticated )?pull rate limit]],
            class = "infrastructure", severity = "error", priority = 95,
            cause = "Docker Hub counts pulls without a sign-in by address, and runners share theirs.",
            fix = "Sign in before the pull (docker/login-action), or pull from a mirror " ..
                "(public.ecr.aws/docker/library/…, mirror.gcr.io, your own registry).",
            commands = { "docker login" },
            docs = { "https://docs.docker.com/docker-hub/usage/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Sign in before images are pulled",
                yaml = "- uses: docker/login-action@v3\n" ..
                    "  with:\n" ..
                    "    username: ${{ secrets.DOCKERHUB_USERNAME }}\n" ..
                    "    password: ${{ secrets.DOCKERHUB_TOKEN }}\n",
            },
            examples = {
                matches = {
                    "Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may " ..
                        "increase the limit by authenticating and upgrading: " ..
                        "https://www.docker.com/increase-rate-limit",
                },
                rejects = { "pull rate is fine" },
            },
        },
        {
            id = "docker.image_not_found", title = "The image or tag does not exist",
            match = [[(?:manifest for (?<image>\S+) not found|manifest unknown|]] ..
                [[(?<ref>(?<!\S)\S+): failed to resolve source metadata for \S+: \S+: not found|]] ..
                [[failed to resolve reference "(?<reference>[^"]+)": \S+ not found)]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The registry has no such tag: a typo, a tag that was removed, or an image that an earlier " ..
                "job should have pushed.",
            fix = "Look at the tags of the registry and pin one that exists, best by digest.",
            commands = { "docker manifest inspect IMAGE:TAG" },
            docs = { "https://docs.docker.com/reference/cli/docker/image/pull/" },
            examples = {
                matches = {
                    "Error response from daemon: manifest for python:3.99 not found: manifest unknown: manifest " ..
                        "unknown",
                    "ERROR: failed to solve: python:3.99: failed to resolve source metadata for " ..
                        "docker.io/library/python:3.99: docker.io/library/python:3.99: not found",
                },
                rejects = { "Status: Downloaded newer image for python:3.12" },
            },
        },
        {
            id = "docker.pull_denied", title = "The image {image} is private or does not exist",
            match = [[(?:pull access denied for (?<image>[^,\s]+)|pull access denied, repository does not exist)]],
            class = "permission", severity = "error", priority = 88,
            cause = "The registry does not say whether the image is missing or only hidden from this user.",
            fix = "Check the name (images made by an earlier step are known only to that daemon: `load: true` for " ..
                "buildx), and sign in.",
            commands = { "docker login REGISTRY" },
            docs = { "https://docs.docker.com/reference/cli/docker/login/" },
            examples = {
                matches = {
                    "Error response from daemon: pull access denied for acme/private, repository does not exist " ..
                        "or may require 'docker login': denied: requested access to the resource is denied",
                },
                rejects = { "Login Succeeded" },
            },
        },
        {
            id = "docker.push_denied", title = "The registry does not accept the push",
            match = [[(?:denied: (?:permission_denied: (?<why>[\w ]+)|requested access to the resource is denied|]] ..
                [[installation not allowed to \w+ organization package)|unauthorized: (?:authentication required|]] ..
                [[incorrect username or password|access to the requested resource is not authorized))]],
            class = "permission", severity = "error", priority = 88,
            cause = "Not signed in, signed in as somebody without the right, or the image's name is not under an " ..
                "account of one's own. For ghcr.io the job needs `packages: write`, and an existing package must " ..
                "admit the repository.",
            fix = "Sign in before the push, give the permission, and link the package to the repository (its " ..
                "settings › Manage Actions access).",
            docs = {
                "https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-cont" ..
                    "ainer-registry",
            },
            patch = {
                file = ".github/workflows/publish.yml",
                description = "The right to write packages",
                yaml = "permissions:\n" ..
                    "  contents: read\n" ..
                    "  packages: write\n",
            },
            examples = {
                matches = {
                    "denied: permission_denied: write_package",
                    "denied: requested access to the resource is denied",
                    "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": unauthorized: " ..
                        "incorrect username or password",
                },
                rejects = { "Login Succeeded" },
            },
        },
        {
            id = "docker.no_matching_platform", title = "The image is not made for {platform}",
            match = [[no (?:matching manifest for (?<platform>[\w/]+)(?: in the manifest list)?|]] ..
                [[match for platform in manifest)]],
            class = "matrix gap", severity = "error", priority = 92,
            cause = "The image has no variant for this machine's system and processor (an arm64 runner, or Windows).",
            fix = "Choose an image that has one, build for several platforms, or pass `--platform linux/amd64` " ..
                "and emulate.",
            commands = { "docker buildx imagetools inspect IMAGE" },
            docs = { "https://docs.docker.com/build/building/multi-platform/" },
            examples = {
                matches = { "no matching manifest for linux/arm64/v8 in the manifest list entries" },
                rejects = { "exporting manifest list" },
            },
        },
        {
            id = "docker.exec_format", title = "A program for another processor was started",
            match = [[exec format error]],
            class = "matrix gap", severity = "error", priority = 92,
            cause = "The image or binary is for another architecture than this machine (amd64 and arm64), or a " ..
                "script has no `#!` line.",
            fix = "Pull or build for the right platform, or set up emulation (docker/setup-qemu-action) first.",
            commands = { "docker inspect --format '{{.Os}}/{{.Architecture}}' IMAGE" },
            docs = { "https://docs.docker.com/build/building/multi-platform/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Emulate other processors",
                yaml = "- uses: docker/setup-qemu-action@v3\n" ..
                    "- uses: docker/setup-buildx-action@v3\n",
            },
            examples = {
                matches = {
                    "exec /usr/local/bin/docker-entrypoint.sh: exec format error",
                    "standard_init_linux.go:228: exec user process caused: exec format error",
                },
                rejects = { "executable format: ELF" },
            },
        },
    },
}
