-- Npm: lock files, versions, scripts and the registry.

return {
    about = "npm: lock files, versions, scripts and the registry",
    entries = {
        {
            id = "npm.ci_out_of_sync", title = "package-lock.json does not belong to package.json",
            match = [[npm ci`? can only install packages when your package\.json and (?:package-lock|]] ..
                [[npm-shrinkwrap)]],
            class = "code bug", severity = "error", priority = 95,
            cause = "package.json was changed without the lock file, or the lock file was written by an npm that " ..
                "resolves otherwise. \"Missing: … from lock file\" below names the packages.",
            fix = "Run `npm install` with the npm version of this job and commit package-lock.json.",
            commands = { "npm install --package-lock-only" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-ci" },
            examples = {
                matches = {
                    "npm ERR! `npm ci` can only install packages when your package.json and package-lock.json or " ..
                        "npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before " ..
                        "continuing.",
                    "npm error `npm ci` can only install packages when your package.json and package-lock.json or " ..
                        "npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before " ..
                        "continuing.",
                },
                rejects = { "npm ci" },
            },
        },
        {
            id = "npm.ci_no_lock", title = "npm ci needs a lock file",
            match = [[The `npm ci` command can only install with an existing package-lock\.json|]] ..
                [[npm ci can only install with an existing package-lock]],
            class = "code bug", severity = "error", priority = 95,
            cause = "There is no package-lock.json where `npm ci` runs: it is not committed (.gitignore?), the " ..
                "project uses yarn or pnpm, or the step runs in another folder.",
            fix = "Commit the lock file, set `working-directory`, or use `npm install`.",
            commands = { "git check-ignore -v package-lock.json" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-ci" },
            examples = {
                matches = { "npm error The `npm ci` command can only install with an existing package-lock.json or" },
                rejects = { "found package-lock.json" },
            },
        },
        {
            id = "npm.eresolve", title = "npm cannot satisfy a peer dependency",
            match = [[npm (?:ERR!|error) (?:code ERESOLVE|ERESOLVE (?:could not resolve|]] ..
                [[unable to resolve dependency tree))]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "Two packages demand different versions of a third as a peer, and npm 7 and later refuses " ..
                "that. \"While resolving\" and \"Could not resolve dependency\" below name them.",
            fix = "Update the package whose peer range is too narrow. As a stop-gap, `--legacy-peer-deps` (or " ..
                "`legacy-peer-deps=true` in .npmrc) ignores it, for everyone who installs.",
            commands = { "npm explain PACKAGE" },
            docs = { "https://docs.npmjs.com/cli/using-npm/config#legacy-peer-deps" },
            examples = {
                matches = { "npm ERR! code ERESOLVE", "npm error ERESOLVE could not resolve" },
                rejects = { "npm warn ERESOLVE overriding peer dependency" },
            },
        },
        {
            id = "npm.not_in_registry", title = "Not in the registry: {url}",
            match = [[npm (?:ERR!|error) 404\s+Not Found - GET (?<url>\S+)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The registry has nothing at `{url}`: a misspelt or unpublished package, or a private one " ..
                "asked of the wrong registry or without a token (registries answer 404 then).",
            fix = "Check the name and `.npmrc`. For a private scope set `@scope:registry` and let setup-node " ..
                "write the token (`registry-url`, NODE_AUTH_TOKEN).",
            commands = { "npm view PACKAGE", "npm config get registry" },
            docs = { "https://docs.npmjs.com/cli/configuring-npm/npmrc" },
            examples = {
                matches = {
                    "npm ERR! 404 Not Found - GET https://registry.npmjs.org/left-padd - Not found",
                    "npm error 404 Not Found - GET https://registry.npmjs.org/@acme%2fsecret - Not found",
                },
                rejects = { "npm http fetch GET 404 https://registry.npmjs.org/x" },
            },
        },
        {
            id = "npm.no_matching_version", title = "npm has no version {requirement}",
            match = [[(?:notarget )?No matching version found for (?<requirement>\S+?)\.?(?:$| )]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The package exists but not in a version that fits `{requirement}`: a typo, unpublished, not " ..
                "released yet, or newer than `before`/`min-release-age` allow.",
            fix = "Choose a version of `npm view`. In a monorepo, publish the dependency first.",
            commands = { "npm view PACKAGE versions" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-view" },
            examples = {
                matches = {
                    "npm ERR! notarget No matching version found for lodash@99.0.0.",
                    "npm error notarget No matching version found for lodash@99.0.0.",
                },
                rejects = {
                    "notarget In most cases you or one of your dependencies are requesting a package version that " ..
                        "doesn't exist.",
                },
            },
        },
        {
            id = "npm.unauthenticated", title = "npm is not logged in",
            match = [[npm (?:ERR!|error) (?:code (?:E401|ENEEDAUTH)|need auth|(?:401 )?Unauthorized - (?:GET|]] ..
                [[PUT))|Unable to authenticate, your authentication token seems to be invalid]],
            class = "permission", severity = "error", priority = 92,
            cause = "The registry wants a token, and none came or it has expired. In runs from forks, secrets are " ..
                "empty.",
            fix = "Give the step NODE_AUTH_TOKEN and setup-node a `registry-url`; renew the token if it is old. " ..
                "For GitHub Packages the job needs `packages: read`.",
            commands = { "npm whoami" },
            docs = { "https://docs.github.com/en/actions/tutorials/publish-packages/publish-nodejs-packages" },
            patch = {
                file = ".github/workflows/release.yml",
                description = "Hand the token to npm",
                yaml = "- uses: actions/setup-node@v4\n" ..
                    "  with:\n" ..
                    "    registry-url: https://registry.npmjs.org\n" ..
                    "- run: npm publish\n" ..
                    "  env:\n" ..
                    "    NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n",
            },
            examples = {
                matches = { "npm ERR! code E401", "npm error code ENEEDAUTH" },
                rejects = { "npm notice Log in on https://registry.npmjs.org" },
            },
        },
        {
            id = "npm.forbidden", title = "The registry forbids it",
            match = [[npm (?:ERR!|error) (?:code E403|403 .{0,20}403 Forbidden - (?<method>GET|PUT) (?<url>\S+))]],
            class = "permission", severity = "error", priority = 88,
            cause = "The token is valid but may not do this: no right to the package, two-factor rules, or the " ..
                "version is published already.",
            fix = "Read the line behind 403. A version can be published only once: raise it. Otherwise use a " ..
                "token with rights to the package (automation or granular), or trusted publishing.",
            docs = { "https://docs.npmjs.com/about-access-tokens" },
            examples = {
                matches = {
                    "npm ERR! code E403",
                    "npm error 403 403 Forbidden - PUT https://registry.npmjs.org/demo - You cannot publish over " ..
                        "the previously published versions: 1.0.0.",
                },
                rejects = { "npm http fetch GET 200 https://registry.npmjs.org/x" },
            },
        },
        {
            id = "npm.published_before", title = "This version is published already",
            match = [[You cannot publish over the previously published versions?: (?<version>[\w.+-]+)]],
            class = "code bug", severity = "error", priority = 94,
            cause = "{version} is in the registry, and a version can never be published again.",
            fix = "Raise the version in package.json before publishing, or skip the step if `npm view " ..
                "NAME@VERSION` finds it.",
            commands = { "npm version patch" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-publish" },
            examples = {
                matches = {
                    "npm ERR! 403 403 Forbidden - PUT https://registry.npmjs.org/demo - You cannot publish over " ..
                        "the previously published versions: 1.0.0.",
                },
                rejects = { "+ demo@1.0.0" },
            },
        },
        {
            id = "npm.otp_required", title = "npm wants a one-time password",
            match = [[npm (?:ERR!|error) code EOTP]],
            class = "permission", severity = "error", priority = 92,
            cause = "The account or package demands two factors for writing, and the token does not bypass them.",
            fix = "Publish by trusted publishing (OIDC), or use an automation or granular token that may bypass " ..
                "two factors.",
            docs = { "https://docs.npmjs.com/trusted-publishers" },
            examples = {
                matches = { "npm ERR! code EOTP" },
                rejects = { "npm publish --otp=123456" },
            },
        },
        {
            id = "npm.integrity", title = "A package does not match its checksum",
            match = [[npm (?:ERR!|error) code EINTEGRITY|integrity checksum failed when using (?<algorithm>sha\d+)]],
            class = "cache corruption", severity = "error", priority = 88,
            cause = "What was downloaded is not what the lock file says: a damaged cache, a proxy that alters " ..
                "files, or a republished package of a private registry.",
            fix = "Clear the cache and try again. If it stays, remove the entry from the lock file and install " ..
                "again, after you know why it changed.",
            commands = { "npm cache clean --force" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-cache" },
            examples = {
                matches = {
                    "npm ERR! code EINTEGRITY",
                    "npm warn tarball tarball data for a@1.0.0 (sha512-x) seems to be corrupted. integrity " ..
                        "checksum failed when using sha512: wanted sha512-a but got sha512-b.",
                },
                rejects = { "integrity: sha512-abc" },
            },
        },
        {
            id = "npm.bad_engine", title = "A package does not run on this Node",
            match = [[npm (?:ERR!|error) (?:code EBADENGINE|notsup (?:Not compatible|Unsupported engine|]] ..
                [[Required:) ?(?<detail>.{0,120}))]],
            class = "matrix gap", severity = "error", priority = 88,
            cause = "`engine-strict` is set, and a package's `engines` leaves out the Node of this job.",
            fix = "Use a Node that fits, or a version of the package that takes the old one.",
            commands = { "node --version" },
            docs = { "https://docs.npmjs.com/cli/configuring-npm/package-json#engines" },
            examples = {
                matches = { "npm ERR! code EBADENGINE", "npm error notsup Required: {\"node\":\">=22\"}" },
                rejects = { "npm warn EBADENGINE Unsupported engine {" },
            },
        },
        {
            id = "npm.engine_warning", title = "A package says it does not support this Node",
            match = [[npm (?:WARN|warn) (?:EBADENGINE )?Unsupported engine]],
            class = "matrix gap", severity = "warning", priority = 22,
            cause = "A package's `engines` leaves out the Node of this job. npm continues; the package may fail at " ..
                "run time, typically with a SyntaxError.",
            fix = "Raise Node, or pin the package.",
            docs = { "https://docs.npmjs.com/cli/configuring-npm/package-json#engines" },
            examples = {
                matches = { "npm WARN EBADENGINE Unsupported engine {" },
                rejects = { "npm ERR! code EBADENGINE" },
            },
        },
        {
            id = "npm.bad_platform", title = "{package} is not for this platform",
            match = [[notsup Unsupported platform for (?<package>\S+?):]],
            class = "matrix gap", severity = "error", priority = 88,
            cause = "`{package}` is for another system (its `os` or `cpu`), but it stands among the hard " ..
                "dependencies or was locked as such.",
            fix = "Move it to `optionalDependencies`, or make the lock file anew without the platform's package.",
            docs = { "https://docs.npmjs.com/cli/configuring-npm/package-json#os" },
            examples = {
                matches = {
                    "npm ERR! notsup Unsupported platform for fsevents@2.3.3: wanted {\"os\":\"darwin\"} " ..
                        "(current: {\"os\":\"linux\"})",
                },
                rejects = { "npm warn optional SKIPPING OPTIONAL DEPENDENCY: fsevents@1" },
            },
        },
        {
            id = "npm.missing_script", title = "package.json has no script '{script}'",
            match = [[(?:npm (?:ERR!|error) )?[Mm]issing script: "?(?<script>[\w:.-]+)"?]],
            class = "code bug", severity = "error", priority = 92,
            cause = "The workflow runs `npm run {script}`, which package.json of this folder does not define.",
            fix = "Correct the name (`npm run` lists them), run in the right folder, or add `-w WORKSPACE`. With " ..
                "`--if-present` a missing script is no error.",
            commands = { "npm run" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-run-script" },
            examples = {
                matches = {
                    "npm ERR! Missing script: \"build\"",
                    "npm ERR! missing script: test",
                    "npm error Missing script: \"lint:ci\"",
                },
                rejects = { "> demo@1.0.0 test" },
            },
        },
        {
            id = "npm.no_package_json", title = "There is no package.json here",
            match = [[(?:enoent Could not read package\.json|]] ..
                [[enoent ENOENT: no such file or directory, open '(?<file>[^']*package\.json)')]],
            class = "code bug", severity = "error", priority = 90,
            cause = "npm runs in a folder without package.json.",
            fix = "Check out first, and set `working-directory` (or `--prefix`) to the project's folder.",
            commands = { "git ls-files '*package.json'" },
            docs = { "https://docs.npmjs.com/cli/commands/npm-install" },
            examples = {
                matches = {
                    "npm ERR! enoent ENOENT: no such file or directory, open " ..
                        "'/home/runner/work/demo/demo/package.json'",
                    "npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open " ..
                        "'/x/package.json'",
                },
                rejects = { "reading package.json" },
            },
        },
        {
            id = "npm.malformed_json", title = "package.json or the lock file is not valid JSON",
            match = [[npm (?:ERR!|error) (?:code EJSONPARSE|JSON\.parse .{1,160})]],
            class = "code bug", severity = "error", priority = 92,
            cause = "A JSON file has a syntax error, often a merge marker or a comma too many.",
            fix = "Fix the file that the lines below name. A broken lock file is best taken from the target " ..
                "branch and made again with `npm install`.",
            commands = { "node -e \"JSON.parse(require('fs').readFileSync('package.json'))\"" },
            docs = { "https://docs.npmjs.com/cli/configuring-npm/package-json" },
            examples = {
                matches = { "npm ERR! code EJSONPARSE" },
                rejects = { "npm error code ENOENT" },
            },
        },
        {
            id = "npm.no_permission", title = "npm may not write there",
            match = [[npm (?:ERR!|error) code (?<code>EACCES|EROFS)|npm (?:ERR!|]] ..
                [[error) Your cache folder contains root-owned files]],
            class = "permission", severity = "error", priority = 86,
            cause = "npm's prefix, cache or node_modules belongs to another user, mostly root from an earlier " ..
                "`sudo npm` or a container.",
            fix = "Do not use sudo; set the prefix to a folder of your own, or give the folder back.",
            commands = { "sudo chown -R \"$(id -u):$(id -g)\" ~/.npm node_modules" },
            docs = { "https://docs.npmjs.com/resolving-eacces-permissions-errors-when-installing-packages-globally" },
            examples = {
                matches = { "npm ERR! code EACCES" },
                rejects = { "npm error code ENOENT" },
            },
        },
        {
            id = "npm.network", title = "npm could not reach the registry ({code})",
            match = [[npm (?:ERR!|error) code (?<code>ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|]] ..
                [[ERR_SOCKET_TIMEOUT|ECONNREFUSED|EIDLETIMEOUT|E50\d)]],
            class = "flaky", severity = "error", priority = 84,
            cause = "The connection to the registry failed with {code}, after npm's own retries.",
            fix = "Run the job again. If it comes back, raise `fetch-retries` and `fetch-timeout`, cache " ..
                "`~/.npm`, and check proxy and registry in .npmrc.",
            commands = { "npm config set fetch-retries 5", "npm ping" },
            docs = { "https://docs.npmjs.com/cli/using-npm/config#fetch-retries" },
            examples = {
                matches = { "npm ERR! code ECONNRESET", "npm error code EAI_AGAIN" },
                rejects = { "npm error code ERESOLVE" },
            },
        },
        {
            id = "npm.postinstall_failed", title = "The install script of {package} failed",
            match = {
                [[npm (?:ERR!|error) path \S*node_modules[/\\](?<package>(?:@[\w.-]+[/\\])?[\w.-]+)]],
                [[npm (?:ERR!|error) command (?:failed|sh -c|C:)]],
            },
            within = 5,
            class = "missing setup", severity = "error", priority = 62,
            cause = "`{package}` runs a script when it is installed, to compile itself or to download a binary, " ..
                "and that failed. What it printed stands below.",
            fix = "A download that failed passes with a retry or needs the proxy. A compile failure needs a " ..
                "version with binaries for this Node, or a compiler.",
            commands = { "npm rebuild {package} --foreground-scripts" },
            docs = { "https://docs.npmjs.com/cli/using-npm/scripts" },
            examples = {
                matches = {
                    "npm ERR! path /home/runner/work/demo/demo/node_modules/bcrypt\nnpm ERR! command failed\nnpm " ..
                        "ERR! command sh -c node-pre-gyp install --fallback-to-build",
                },
                rejects = { "npm ERR! path /home/runner/work/demo/demo/package.json\nnpm ERR! errno -2" },
            },
        },
        {
            id = "npm.internal", title = "npm itself failed",
            match = [[npm (?:ERR!|error) (?:cb\(\) never called!|Exit handler never called!|]] ..
                [[Cannot read propert(?:y|ies) .{0,40}null|Tracker "idealTree" already exists)]],
            class = "infrastructure", severity = "error", priority = 80,
            cause = "A known fault of npm, after a broken cache or connection, in a damaged node_modules, or when " ..
                "run in the root folder (`/`) of a container.",
            fix = "Update npm, remove node_modules, and set a WORKDIR in the Dockerfile.",
            commands = { "npm install -g npm@latest" },
            docs = { "https://github.com/npm/cli/issues" },
            examples = {
                matches = { "npm ERR! cb() never called!", "npm ERR! Tracker \"idealTree\" already exists" },
                rejects = { "npm ERR! code ELIFECYCLE" },
            },
        },
        {
            id = "npm.error_code", title = "npm ended with {code}",
            match = [[npm (?:ERR!|error) code (?<code>(?!ELIFECYCLE)E?[A-Z0-9_]{3,30}|\d+)\b]],
            class = "code bug", severity = "error", priority = 34,
            cause = "npm gave up with `{code}`. The lines below it, and the log that it names, say more.",
            fix = "Look the code up with the text below it; run with `--loglevel verbose` to see what led there.",
            commands = { "npm install --loglevel verbose" },
            docs = { "https://docs.npmjs.com/common-errors" },
            examples = {
                matches = { "npm error code EALLOWSCRIPTS", "npm ERR! code ENOTEMPTY" },
                rejects = { "npm ERR! code ELIFECYCLE" },
            },
        },
        {
            id = "npm.elifecycle", title = "A script that npm ran has failed",
            match = [[npm (?:ERR!|error) (?:code ELIFECYCLE|Lifecycle script `(?<script>[^`]+)` failed)|]] ..
                [[npm ERR! Test failed\.  See above]],
            class = "code bug", severity = "error", priority = 7,
            cause = "The command of a package.json script ended with a failure; npm only passes it on.",
            fix = "Read what the script printed above this block.",
            docs = { "https://docs.npmjs.com/cli/using-npm/scripts" },
            examples = {
                matches = {
                    "npm ERR! code ELIFECYCLE",
                    "npm error Lifecycle script `test` failed with error:",
                    "npm ERR! Test failed.  See above for more details.",
                },
                rejects = { "npm error code E404" },
            },
        },
    },
}
