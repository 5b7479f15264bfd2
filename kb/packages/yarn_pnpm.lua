-- Yarn, pnpm and Corepack.

return {
    about = "Yarn, pnpm and Corepack",
    entries = {
        {
            id = "yarn.frozen_lockfile", title = "yarn.lock does not belong to package.json",
            match = [[Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`|]] ..
                [[YN0028: .{0,8}The lockfile would have been (?:modified|]] ..
                [[created) by this install, which is explicitly forbidden]],
            class = "code bug", severity = "error", priority = 95,
            cause = "package.json was changed and yarn.lock was not committed with it, or another Yarn version " ..
                "writes it otherwise.",
            fix = "Run `yarn install` with the project's Yarn version and commit yarn.lock.",
            commands = { "yarn install --mode=update-lockfile" },
            docs = { "https://yarnpkg.com/cli/install" },
            examples = {
                matches = {
                    "error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.",
                    "➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly " ..
                        "forbidden.",
                },
                rejects = { "yarn install --frozen-lockfile" },
            },
        },
        {
            id = "yarn.bad_engine", title = "{package} does not run on Node {actual}",
            match = [[error (?<package>\S+?): The engine "(?<engine>\w+)" is incompatible with this module\. ]] ..
                [[Expected version "(?<wanted>[^"]+)"\. Got "(?<actual>[^"]+)"]],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "`{package}` demands {engine} {wanted}; this job runs {actual}.",
            fix = "Raise the Node of this job, pin the package to a version for {actual}, or install with " ..
                "`--ignore-engines` if it is known to work.",
            docs = { "https://classic.yarnpkg.com/en/docs/cli/install#toc-yarn-install-ignore-engines" },
            examples = {
                matches = {
                    "error execa@9.0.0: The engine \"node\" is incompatible with this module. Expected version " ..
                        "\"^18.19.0 || >=20.5.0\". Got \"16.20.2\"",
                },
                rejects = { "warning execa@9.0.0: engine" },
            },
        },
        {
            id = "yarn.network", title = "Yarn could not reach the registry",
            match = [[(?:There appears to be trouble with your network connection\. Retrying|]] ..
                [[error An unexpected error occurred: "https://[^":]+: (?<why>ETIMEDOUT|ESOCKETTIMEDOUT|]] ..
                [[ECONNRESET|Request failed[^"]*|getaddrinfo \w+))]],
            class = "flaky", severity = "error", priority = 76,
            cause = "A request to the registry timed out or was cut.",
            fix = "Run again; raise `--network-timeout 600000`, cache Yarn's folder, and check that no stale " ..
                "mirror stands in yarn.lock.",
            commands = { "yarn config set network-timeout 600000" },
            docs = { "https://classic.yarnpkg.com/en/docs/cli/install" },
            examples = {
                matches = {
                    "info There appears to be trouble with your network connection. Retrying...",
                    "error An unexpected error occurred: " ..
                        "\"https://registry.yarnpkg.com/lodash/-/lodash-4.17.21.tgz: ESOCKETTIMEDOUT\".",
                },
                rejects = { "info No lockfile found." },
            },
        },
        {
            id = "yarn.integrity", title = "Yarn: a package does not match its checksum",
            match = [[Integrity check failed for "(?<package>[^"]+)"|]] ..
                [[YN0018: .{0,200}The remote archive doesn't match the expected checksum]],
            class = "cache corruption", severity = "error", priority = 88,
            cause = "The file downloaded differs from yarn.lock: a damaged cache, a changed archive, or another " ..
                "compression level of Yarn's own.",
            fix = "Clear the cache and install again; with Yarn 2 and later compare `compressionLevel` and " ..
                "`cacheMigrationMode`.",
            commands = { "yarn cache clean" },
            docs = { "https://yarnpkg.com/advanced/error-codes" },
            examples = {
                matches = {
                    "error Integrity check failed for \"left-pad\" (computed integrity doesn't match our records, " ..
                        "got \"sha512-x\")",
                    "➤ YN0018: │ left-pad@npm:1.3.0: The remote archive doesn't match the expected checksum",
                },
                rejects = { "info Integrity ok" },
            },
        },
        {
            id = "yarn.command_missing", title = "Yarn knows no command '{command}'",
            match = [[(?:error Command (?="[^"]+" not found)|]] ..
                [[Usage Error: Couldn't find a script named )"(?<command>[^"]+)\"]],
            class = "code bug", severity = "error", priority = 90,
            cause = "There is neither a script nor a binary of this name: devDependencies were not installed " ..
                "(NODE_ENV=production), or it is another folder.",
            fix = "Correct the name or install all dependencies before.",
            commands = { "yarn run" },
            docs = { "https://yarnpkg.com/cli/run" },
            examples = {
                matches = {
                    "error Command \"jest\" not found.",
                    "Usage Error: Couldn't find a script named \"lint\".",
                },
                rejects = { "$ jest" },
            },
        },
        {
            id = "yarn.package_missing", title = "Yarn finds no {package}",
            match = [[Couldn't find (?:package|any versions for) "(?<package>[^"]+)\"]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "The registry has no such package or version, or it is private and the token is missing.",
            fix = "Check name and version with `npm view`, and the registry of the scope in .npmrc or .yarnrc.yml.",
            docs = { "https://classic.yarnpkg.com/en/docs/cli/info" },
            examples = {
                matches = {
                    "error Couldn't find package \"left-padd\" on the \"npm\" registry.",
                    "error Couldn't find any versions for \"lodash\" that matches \"99.0.0\"",
                },
                rejects = { "info Visit https://yarnpkg.com" },
            },
        },
        {
            id = "yarn.package_manager", title = "The project wants {wanted}, this is Yarn {actual}",
            match = [[packageManager": "(?<wanted>[^"]+)"\. However the current global version of Yarn is ]] ..
                [[(?<actual>[\d.]+)]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "package.json pins `{wanted}`, which only Corepack switches to; the runner's Yarn {actual} " ..
                "refuses.",
            fix = "Enable Corepack before the first `yarn`, also before setup-node's `cache: yarn`.",
            commands = { "corepack enable" },
            docs = { "https://yarnpkg.com/corepack" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Let Corepack provide the package manager",
                yaml = "- run: corepack enable\n" ..
                    "- uses: actions/setup-node@v4\n" ..
                    "  with:\n" ..
                    "    cache: yarn\n",
            },
            examples = {
                matches = {
                    "error This project's package.json defines \"packageManager\": \"yarn@4.1.0\". However the " ..
                        "current global version of Yarn is 1.22.22.",
                },
                rejects = { "\"packageManager\": \"yarn@4.1.0\"" },
            },
        },
        {
            id = "corepack.signature", title = "Corepack does not know the registry's new key",
            match = [[Cannot find matching keyid: \{]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "npm changed its signing keys in 2025, and the Corepack that comes with this Node (before " ..
                "0.31) does not know them.",
            fix = "Update Corepack before using it, or a newer Node.",
            commands = { "npm install -g corepack@latest" },
            docs = { "https://github.com/nodejs/corepack/issues/612" },
            examples = {
                matches = {
                    "Internal Error: Cannot find matching keyid: " ..
                        "{\"signatures\":[{\"sig\":\"x\",\"keyid\":\"SHA256:y\"}]}",
                },
                rejects = { "signatures ok" },
            },
        },
        {
            id = "pnpm.outdated_lockfile", title = "pnpm-lock.yaml does not belong to package.json",
            match = [[ERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH)|]] ..
                [[Cannot install with "frozen-lockfile" because pnpm-lock\.yaml is (?:not up to date|absent)]],
            class = "code bug", severity = "error", priority = 95,
            cause = "In CI pnpm installs with a frozen lock file, and package.json (or pnpm's settings, such as " ..
                "overrides) changed without it.",
            fix = "Run `pnpm install --lockfile-only` with the project's pnpm version and commit pnpm-lock.yaml.",
            commands = { "pnpm install --lockfile-only" },
            docs = { "https://pnpm.io/cli/install#--frozen-lockfile" },
            examples = {
                matches = {
                    " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\" because pnpm-lock.yaml " ..
                        "is not up to date with <ROOT>/package.json",
                },
                rejects = { "Lockfile is up to date, resolution step is skipped" },
            },
        },
        {
            id = "pnpm.lockfile_breaking", title = "The lock file is of another pnpm version",
            match = [[ERR_PNPM_LOCKFILE_BREAKING_CHANGE|WARN.{1,4}Ignoring not compatible lockfile]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "pnpm-lock.yaml was written by another major version of pnpm than the one that runs here.",
            fix = "Pin one version for all: `packageManager` in package.json, and pnpm/action-setup without " ..
                "`version`.",
            docs = { "https://pnpm.io/package_json" },
            examples = {
                matches = {
                    " ERR_PNPM_LOCKFILE_BREAKING_CHANGE  Lockfile /home/runner/work/demo/demo/pnpm-lock.yaml not " ..
                        "compatible with current pnpm",
                    " WARN  Ignoring not compatible lockfile at /home/runner/work/demo/demo/pnpm-lock.yaml",
                },
                rejects = { "lockfileVersion: '9.0'" },
            },
        },
        {
            id = "pnpm.bad_version", title = "The project wants another pnpm or Node",
            match = [[ERR_PNPM_(?:UNSUPPORTED_ENGINE|BAD_PM_VERSION)|]] ..
                [[This project is configured to use v?(?<wanted>[\d.]+) of pnpm]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "`engines` or `packageManager` in package.json names a version that is not the one installed " ..
                "in this job.",
            fix = "Let pnpm/action-setup read `packageManager`, and set the right Node in setup-node.",
            docs = { "https://pnpm.io/settings#managepackagemanagerversions" },
            examples = {
                matches = {
                    " ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment (bad pnpm and/or Node.js version)",
                    " ERR_PNPM_BAD_PM_VERSION  This project is configured to use v8.15.0 of pnpm. Your current " ..
                        "pnpm is v9.0.0",
                },
                rejects = { "pnpm: 9.0.0" },
            },
        },
        {
            id = "pnpm.fetch_failed", title = "pnpm could not fetch a package ({code})",
            match = [[ERR_PNPM_(?<code>FETCH_\d+|META_FETCH_FAIL|TARBALL_INTEGRITY|NO_MATCHING_VERSION|FETCH_404)]],
            class = "flaky", severity = "error", priority = 84,
            cause = "The registry did not give what the lock file or package.json asks for ({code}). 404: no such " ..
                "package, or no token for a private one; 5xx: the registry is unwell.",
            fix = "For 401, 403 and 404 check the name, registry and token; NO_MATCHING_VERSION wants another " ..
                "version; otherwise run again.",
            commands = { "pnpm view PACKAGE versions" },
            docs = { "https://pnpm.io/errors" },
            examples = {
                matches = {
                    " ERR_PNPM_FETCH_404  GET https://registry.npmjs.org/left-padd: Not Found - 404",
                    " ERR_PNPM_NO_MATCHING_VERSION  No matching version found for lodash@99.0.0",
                },
                rejects = { "Progress: resolved 1, reused 0, downloaded 0" },
            },
        },
        {
            id = "pnpm.peer_issues", title = "pnpm: unmet peer dependencies",
            match = [[ERR_PNPM_PEER_DEP_ISSUES]],
            class = "version mismatch", severity = "error", priority = 82,
            cause = "`strict-peer-dependencies` is set, and peers are missing or of a version that the packages " ..
                "below do not accept.",
            fix = "Install the peers that are named, or allow versions with `peerDependencyRules`.",
            docs = { "https://pnpm.io/settings#strictpeerdependencies" },
            examples = {
                matches = { " ERR_PNPM_PEER_DEP_ISSUES  Unmet peer dependencies" },
                rejects = { "strict-peer-dependencies=false" },
            },
        },
        {
            id = "pnpm.script_failed", title = "A script that pnpm ran has failed",
            match = [[(?:ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL|ERR_PNPM_RECURSIVE_EXEC_FIRST_FAIL|]] ..
                [[ELIFECYCLE.{1,4}(?:Command|Test) failed)]],
            class = "code bug", severity = "error", priority = 8,
            cause = "The command of a package.json script ended with a failure; pnpm only passes it on.",
            fix = "Read what the script printed above.",
            docs = { "https://pnpm.io/cli/run" },
            examples = {
                matches = {
                    " ELIFECYCLE  Command failed with exit code 1.",
                    " ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL  demo@1.0.0 build: `tsc`",
                },
                rejects = { "Scope: all 3 workspace projects" },
            },
        },
        {
            id = "pnpm.action_setup_version", title = "pnpm/action-setup does not know which version to install",
            match = [[Error: (?:No pnpm version is specified|Multiple versions of pnpm specified)]],
            class = "code bug", severity = "error", priority = 96,
            cause = "The action needs exactly one source: its `version` input or `packageManager` in " ..
                "package.json. Here are none, or two that differ.",
            fix = "Keep `packageManager` in package.json and drop `version` from the workflow (or the other way " ..
                "round). Check out before the action.",
            docs = { "https://github.com/pnpm/action-setup#inputs" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "One source for pnpm's version",
                yaml = "- uses: actions/checkout@v4\n" ..
                    "- uses: pnpm/action-setup@v4\n",
            },
            examples = {
                matches = { "Error: No pnpm version is specified.", "Error: Multiple versions of pnpm specified:" },
                rejects = { "pnpm version 9" },
            },
        },
    },
}
