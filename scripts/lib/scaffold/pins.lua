-- The versions that scaffolded files begin with. In a repository, Dependabot keeps them current.
local M = {}

-- Each action by the commit that its tag names.
M.actions = {
    ["actions/attest-build-provenance"] = { tag = "v3.2.0", sha = "96278af6caaf10aea03fd8d33a09a777ca52d62f" },
    ["actions/cache"] = { tag = "v5.0.3", sha = "cdf6c1fa76f9f475f3d7449005a359c84ca0f306" },
    ["actions/checkout"] = { tag = "v6.0.2", sha = "de0fac2e4500dabe0009e67214ff5f5447ce83dd" },
    ["actions/download-artifact"] = { tag = "v7.0.0", sha = "37930b1c2abaa49bbe596cd826c3c89aef350131" },
    ["actions/setup-go"] = { tag = "v6.2.0", sha = "7a3fe6cf4cb3a834922a1244abfce67bcef6a0c5" },
    ["actions/setup-node"] = { tag = "v6.2.0", sha = "6044e13b5dc448c55e2357c09f80417699197238" },
    ["actions/setup-python"] = { tag = "v6.2.0", sha = "a309ff8b426b58ec0e2a45f0f869d46889d02405" },
    ["actions/upload-artifact"] = { tag = "v6.0.0", sha = "b7c566a772e6b6bfb58ed0dc250532a479d7789f" },
    ["docker/build-push-action"] = { tag = "v6.18.0", sha = "263435318d21b8e681c14492fe198d362a7d2c83" },
    ["docker/login-action"] = { tag = "v3.7.0", sha = "c94ce9fb468520275223c153574b00df6fe4bcc9" },
    ["docker/metadata-action"] = { tag = "v5.10.0", sha = "c299e40c65443455700f0fdfc63efafe5b349051" },
    ["docker/setup-buildx-action"] = { tag = "v3.12.0", sha = "8d2750c68a42422c14e847fe6c8ac0403b4cbd6f" },
    ["mxschmitt/action-tmate"] = { tag = "v3.23", sha = "c0afd6f790e3a5564914980036ebf83216678101" },
}

-- Programs that workflows install from a package registry.
M.tools = {
    build = "1.6.1", ["cargo-audit"] = "0.22.2", eslint = "10.15.0", govulncheck = "v1.8.0", mypy = "2.4.1",
    ["pip-audit"] = "2.10.1", prettier = "3.10.1", pytest = "9.2.0", ruff = "0.17.5", staticcheck = "2026.2.1",
    wrangler = "4.164.0",
}

-- What Dockerfiles begin with.
M.images = {
    debian = "debian:12-slim", go = "golang:1.25-bookworm", node = "node:24-bookworm-slim",
    python = "python:3.14-slim-bookworm", rust = "rust:1.91-slim-bookworm",
}

-- The systems that jobs run on.
M.runners = { linux = "ubuntu-24.04", linux_arm = "ubuntu-24.04-arm", macos = "macos-15", windows = "windows-2025" }

--- What stands behind `uses:`.
---@param action string
---@return string
function M.uses(action)
    local pin = M.actions[action]
    return ("%s@%s # %s"):format(action, pin.sha, pin.tag)
end

return M
