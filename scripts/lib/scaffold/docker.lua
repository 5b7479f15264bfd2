-- Container images: a Dockerfile in stages, compose for development, and a workflow that builds, tries and publishes.
local template = require("lib.scaffold.template")

local M = {}

-- Dockerfiles ---------------------------------------------------------------------------------------------------------

-- Asks the health endpoint from within, in an image that has neither curl nor wget.
local bash_health = [==[
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/bin/bash", "-c", \
        "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
]==]

local compiled_runtime = [==[
# What runs: the program, as a user that may write nothing.
FROM <<image:debian>> AS runtime
RUN apt-get update \
    && apt-get install -y --no-install-recommends <<packages>> \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app
COPY --from=build /out /usr/local/
USER 10001
EXPOSE 8080
<<health>>
ENTRYPOINT ["/usr/local/bin/<<name>>"]
]==]

local dockerfiles = {}

dockerfiles.rust = [==[
# syntax=docker/dockerfile:1

FROM <<image:rust>> AS build
WORKDIR /src
COPY . .
# Crates and what the compiler made stay in the builder's cache; only the program goes into the layer.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release<<locked>> --bin <<name>> \
    && install -D -t /out/bin target/release/<<name>>

]==] .. compiled_runtime

dockerfiles.cpp = [==[
# syntax=docker/dockerfile:1

FROM <<image:debian>> AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates cmake g++ git ninja-build \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -G Ninja -B build -D CMAKE_BUILD_TYPE=Release \
    && cmake --build build \
    && cmake --install build --prefix /out

]==] .. compiled_runtime

dockerfiles.go = [==[
# syntax=docker/dockerfile:1

FROM <<image:go>> AS build
WORKDIR /src
COPY go.mod go.su[m] ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/bin/<<name>> <<package>>

]==] .. compiled_runtime

dockerfiles.python = [==[
# syntax=docker/dockerfile:1

FROM <<image:python>> AS build
WORKDIR /src
RUN python -m venv /venv
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip /venv/bin/pip install <<install>>

# What runs: the environment, as a user that may write nothing.
FROM <<image:python>> AS runtime
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app
COPY --from=build /venv /venv
<<copy>>
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
CMD ["python", "-m", "<<module>>"]
]==]

dockerfiles.node = [==[
# syntax=docker/dockerfile:1

FROM <<image:node>> AS build
WORKDIR /app
COPY package.json <<lock>> ./
RUN --mount=type=cache,target=/root/.npm <<install>>
COPY . .
<<build>>
RUN <<prune>>

# What runs: the application without what only its build needs, as a user that may write nothing.
FROM <<image:node>> AS runtime
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app ./
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["node", "-e", \
        "fetch('http://127.0.0.1:8080/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "<<main>>"]
]==]

local function go_package(project)
    return project.has("cmd/" .. project.name) and "./cmd/" .. project.name or "."
end

local function node_values(project)
    local installs = {
        npm = { "package-lock.json", "npm ci", "npm prune --omit=dev" },
        pnpm = { "pnpm-lock.yaml", "corepack enable && pnpm install --frozen-lockfile", "pnpm prune --prod" },
        yarn = { "yarn.lock", "corepack enable && yarn install --immutable", "yarn workspaces focus --production" },
    }
    local manager = project.has("pnpm-lock.yaml") and "pnpm" or project.has("yarn.lock") and "yarn" or "npm"
    local of = installs[manager]
    local ok, package = pcall(json.decode, project.read("package.json") or "null")
    local main = ok and type(package) == "table" and type(package.main) == "string"
        and package.main:match("^[%w._/-]+$") or "index.js"
    local locked = manager ~= "npm" or project.has("package-lock.json")
    return {
        lock = locked and of[1] or "", install = locked and of[2] or "npm install", prune = of[3], main = main,
        build = project.scripts.build and ("RUN %s run build"):format(manager) or "",
    }
end

local values_of = {
    rust = function(project)
        return { locked = project.has("Cargo.lock") and " --locked" or "", packages = "ca-certificates" }
    end,
    cpp = function() return { packages = "ca-certificates libstdc++6" } end,
    go = function(project) return { package = go_package(project), packages = "ca-certificates" } end,
    python = function(project)
        local installs = project.has("pyproject.toml") or project.has("setup.py")
        return {
            install = installs and "." or "--requirement requirements.txt",
            copy = installs and "" or "WORKDIR /app\nCOPY . .", module = (project.name:gsub("[-.]", "_")),
        }
    end,
    node = node_values,
}

local ignored = {
    all = ".git\n.github\n.env\n.env.*\n*.log\nDockerfile\ncompose.yaml\n",
    rust = "target\n", cpp = "build*\n", go = "", node = "node_modules\ndist\n",
    python = "__pycache__\n*.pyc\n.venv\n.mypy_cache\n.pytest_cache\n.ruff_cache\n",
}

-- Compose -------------------------------------------------------------------------------------------------------------

local compose = [==[
# For development: `docker compose up --watch` builds anew when a file changes. The port is for this machine alone.
services:
  app:
    build:
      context: .
      target: runtime
    init: true
    read_only: true
    tmpfs:
      - /tmp
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    ports:
      - "127.0.0.1:8080:8080"
    restart: unless-stopped
    develop:
      watch:
        - action: rebuild
          path: .
]==]

-- The workflow --------------------------------------------------------------------------------------------------------

local workflow = [==[
# The container image: built and tried for every change, published to GitHub's registry for <<branch>> and for versions.
name: Docker

on:
  push:
    branches: [<<branch>>]
    tags: ["v[0-9]+.[0-9]+.[0-9]+*"]
  pull_request:

permissions: {}

concurrency:
  group: docker-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}

jobs:
  try:
    name: Build and try
    runs-on: <<runner:linux>>
    timeout-minutes: 45
    permissions:
      contents: read
    steps:
      - name: Check out
        uses: <<uses:actions/checkout>>
        with:
          persist-credentials: false
      - name: Set up Buildx
        uses: <<uses:docker/setup-buildx-action>>
      - name: Build
        uses: <<uses:docker/build-push-action>>
        with:
          context: .
          load: true
          tags: tried:${{ github.sha }}
          cache-from: type=gha
          cache-to: type=gha,mode=max
      - name: Wait until it is healthy
        env:
          IMAGE: tried:${{ github.sha }}
        run: |
          docker run --detach --name tried --read-only --tmpfs /tmp --cap-drop ALL "$IMAGE"
          for _ in $(seq 30); do
            health=$(docker inspect --format '{{.State.Health.Status}}' tried)
            if [ "$health" = healthy ]; then exit 0; fi
            sleep 3
          done
          docker logs tried
          echo "the container is $health after 90 seconds"
          exit 1

  publish:
    name: Publish
    if: github.event_name == 'push'
    needs: [try]
    runs-on: <<runner:linux>>
    timeout-minutes: 45
    permissions:
      contents: read
      packages: write # the image
      id-token: write # who signs the provenance
      attestations: write # the provenance
    steps:
      - name: Check out
        uses: <<uses:actions/checkout>>
        with:
          persist-credentials: false
      - name: Set up Buildx
        uses: <<uses:docker/setup-buildx-action>>
      - name: Log in
        uses: <<uses:docker/login-action>>
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ github.token }}
      - name: Name the image
        id: image
        uses: <<uses:docker/metadata-action>>
        with:
          images: ghcr.io/${{ github.repository }}
          tags: |
            type=ref,event=branch
            type=semver,pattern={{version}}
            type=sha
      - name: Build and push
        id: push
        uses: <<uses:docker/build-push-action>>
        with:
          context: .
          push: true
          sbom: true
          cache-from: type=gha
          tags: ${{ steps.image.outputs.tags }}
          labels: ${{ steps.image.outputs.labels }}
      - name: Attest the provenance
        uses: <<uses:actions/attest-build-provenance>>
        with:
          subject-name: ghcr.io/${{ github.repository }}
          subject-digest: ${{ steps.push.outputs.digest }}
          push-to-registry: true
]==]

---@param project scaffold.Project
---@return table<string, string>
function M.docker(project)
    local values = values_of[project.language](project)
    values.name, values.health = project.name, bash_health:gsub("\n$", "")
    return {
        ["Dockerfile"] = template.fill(dockerfiles[project.language], values),
        [".dockerignore"] = ignored.all .. ignored[project.language],
        ["compose.yaml"] = compose,
        [".github/workflows/docker.yml"] = template.fill(workflow, { branch = project.branch }),
    }
end

return M
