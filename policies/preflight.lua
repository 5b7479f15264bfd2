-- What has to be in place before a job starts. `uhost preflight` looks at all of it at once.
--
-- Copy this file to the `policies/` folder of your repository and say there what your jobs need. Checks with the id of
-- a shipped one replace it, `disable = { "id" }` removes some. Each check is of a kind:
--
--     { id = "token", kind = "variable", name = "NPM_TOKEN", matches = "^npm_", profiles = { "release" },
--       fix = "add the secret NPM_TOKEN to the environment release" }
--     { id = "node", kind = "tool", command = { "node", "--version" }, least = "22", fix = "use actions/setup-node" }
--     { id = "lock", kind = "lockfile", manifest = "package.json", lock = "package-lock.json", fix = "npm install" }
--     { id = "inputs", kind = "together", name = "INPUT_IS_RELEASE", needs = { "INPUT_REF" }, fix = "give ref, too" }
--     { id = "keys", kind = "path", path = "keys/release.pub", fix = "check out the submodule keys" }
--     { id = "port", kind = "free_port", port = 5432, fix = "stop the other server" }
--     { id = "key", kind = "pem", name = "SIGNING_KEY", fix = "paste the secret with its line ends" }
--     { id = "ca", kind = "pem", path = "certs/ca.pem", days_left = 30, fix = "renew it" }
--     { id = "cores", kind = "cpu", least = 4, fix = "use a larger runner" }
--     { id = "image", kind = "runner", image = "ubuntu24", least = "20261001", fix = "runs-on: ubuntu-24.04" }
--     { id = "scopes", kind = "token_scopes", scopes = { "repo", "workflow" }, fix = "make a token with these" }
--     { id = "push", kind = "repository_access", needs = "push", fix = "permissions: { contents: write }" }
--     { id = "cache", kind = "cache", key = "cargo-v1-", fix = "run the workflow that fills it" }
--     { id = "api", kind = "http", url = "https://api.example.org/health", matches = '"ok"', fix = "wait for it" }
--     { id = "certificate", kind = "tls", host = "api.example.org", days_left = 7, fix = "renew it" }
--     { id = "registry", kind = "reachable", host = "registry.npmjs.org", port = 443, fix = "check the proxy" }
--
-- A check without `profiles` belongs to every one. `uhost upstream sync` asks those that name the profile `sync` before
-- it begins, such as a token that the push needs.
local M = {}

M.checks = {
    { id = "disk", kind = "disk", free_mb = 1024, fix = "remove what the job does not need, or use a larger runner" },
    { id = "inodes", kind = "inodes", free = 10000, fix = "remove folders of many small files, such as old caches" },
    { id = "memory", kind = "memory", least_mb = 512, fix = "use a larger runner, or build with fewer jobs" },
    { id = "git", kind = "tool", command = { "git", "--version" }, least = "2.20", fix = "install git" },
    { id = "locale", kind = "locale", fix = "set LC_ALL=C.UTF-8" },
    { id = "lock_files", kind = "lockfiles", fix = "let the package manager write it anew, and commit it" },
    { id = "lfs", kind = "lfs", fix = "check out with lfs: true, or run git lfs pull" },
    { id = "history", kind = "full_history", profiles = { "audit", "release", "upstream" },
        fix = "check out with fetch-depth: 0" },
    { id = "submodules", kind = "submodules", profiles = { "release" }, fix = "check out with submodules: recursive" },
    { id = "github_token", kind = "variable", name = "GITHUB_TOKEN", matches = "^%S+$",
        profiles = { "audit", "release", "upstream" }, fix = "set env: GITHUB_TOKEN: ${{ github.token }}" },
    { id = "sync_disk", kind = "disk", free_mb = 512, profiles = { "sync" },
        fix = "make room: a sync needs 512 MiB, and what the build takes" },
    { id = "sync_git", kind = "tool", command = { "git", "--version" }, least = "2.20", profiles = { "sync" },
        fix = "install git" },
    { id = "rate_limit", kind = "rate_limit", least = 200, profiles = { "audit", "release", "upstream" },
        fix = "wait until the limit is renewed, or use another token" },
    { id = "token_end", kind = "token_end", days_left = 3, profiles = { "audit", "release", "upstream" },
        fix = "make a new token: https://github.com/settings/tokens" },
    { id = "clock", kind = "clock", max_skew_s = 60, profiles = { "audit", "release", "upstream" },
        fix = "synchronize the clock: timedatectl set-ntp true" },
    { id = "github", kind = "reachable", host = "github.com", port = 443, profiles = { "audit", "release", "upstream" },
        fix = "check the proxy and the firewall" },
}

-- Whether a check concerns a profile; a function, so that yours may decide by other things.
function M.concerns(profiles, profile)
    if not profiles or #profiles == 0 then return true, "it belongs to every profile" end
    for _, name in ipairs(profiles) do
        if name == profile then return true, "it belongs to " .. name end
    end
    return false, "it belongs to other profiles"
end

M.examples = {
    { call = "concerns", with = { { "release" }, "release" }, gives = true },
    { call = "concerns", with = { { "release" }, "default" }, gives = false },
    { call = "concerns", with = { {}, "default" }, gives = true },
}

return M
