-- Git: submodules, LFS, damaged transfers and file names.

return {
    about = "git: submodules, LFS, damaged transfers and file names",
    entries = {
        {
            id = "git.submodule_commit_missing", title = "The submodule's commit is not at its remote",
            match = [[(?:Fetched in submodule path '(?<path>[^']+)', but it did not contain ]] ..
                [[(?<commit>[0-9a-f]{7,64})|fatal: remote error: upload-pack: not our ref (?<sha>[0-9a-f]{7,64})|]] ..
                [[fatal: reference is not a tree: (?<tree>[0-9a-f]{7,64}))]],
            class = "code bug", severity = "error", priority = 94,
            cause = "The repository points at a commit of the submodule that was never pushed, or was rewritten " ..
                "away there.",
            fix = "Push the submodule's commit, or point at one that exists and commit that.",
            commands = { "git submodule update --remote" },
            docs = { "https://git-scm.com/book/en/v2/Git-Tools-Submodules" },
            examples = {
                matches = {
                    "fatal: Fetched in submodule path 'libs/json', but it did not contain 3f1b0c5f1d2a. Direct " ..
                        "fetching of that commit failed.",
                    "fatal: remote error: upload-pack: not our ref 3f1b0c5f1d2a3f1b0c5f1d2a3f1b0c5f1d2a3f1b",
                },
                rejects = { "Submodule path 'libs/json': checked out '3f1b0c5f1d2a'" },
            },
        },
        {
            id = "git.submodule_no_url", title = ".gitmodules does not know the submodule {path}",
            match = [[(?:fatal: )?[Nn]o url found for submodule path '(?<path>[^']+)' in \.gitmodules]],
            class = "code bug", severity = "error", priority = 94,
            cause = "There is a submodule entry for `{path}` in the tree, but .gitmodules has none: mostly a " ..
                "repository was added by `git add` inside another one.",
            fix = "Remove it (`git rm --cached {path}`), or add it properly with `git submodule add`.",
            commands = { "git rm --cached {path}" },
            docs = { "https://git-scm.com/docs/gitmodules" },
            examples = {
                matches = { "fatal: No url found for submodule path 'vendor/x' in .gitmodules" },
                rejects = { "Submodule 'vendor/x' (https://github.com/a/x) registered for path 'vendor/x'" },
            },
        },
        {
            id = "git.submodule_clone_failed", title = "Submodule {path} could not be cloned",
            match = [[fatal: clone of '(?<url>[^']+)' into submodule path '(?<path>[^']+)' failed]],
            class = "permission", severity = "error", priority = 80,
            cause = "Cloning `{url}` failed; the reason stands above. SSH addresses need a key in CI, private " ..
                "ones a token.",
            fix = "Use https addresses (or relative ones) in .gitmodules, and give checkout a `token` or " ..
                "`ssh-key` that may read it.",
            docs = { "https://github.com/actions/checkout#usage" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Submodules with a token that may read them",
                yaml = "- uses: actions/checkout@v4\n" ..
                    "  with:\n" ..
                    "    submodules: recursive\n" ..
                    "    token: ${{ secrets.SUBMODULE_TOKEN }}\n",
            },
            examples = {
                matches = {
                    "fatal: clone of 'git@github.com:acme/lib.git' into submodule path " ..
                        "'/home/runner/work/demo/demo/lib' failed",
                },
                rejects = { "Cloning into '/home/runner/work/demo/demo/lib'..." },
            },
        },
        {
            id = "git.submodule_empty", title = "The submodule {path} is empty",
            match = {
                [[The source directory$]],
                [[^\s+(?<path>\S{1,500}/(?:third[_-]?party|extern(?:al)?|vendor|deps|submodules|3rdparty|lib|]] ..
                    [[libs)/[\w./+-]+)$]],
                [[does not contain a CMakeLists\.txt file]],
            },
            within = 6,
            class = "missing setup", severity = "warning", priority = 60,
            cause = "A folder that is usually a submodule has nothing in it: the checkout did not fetch submodules.",
            fix = "Let checkout fetch them.",
            commands = { "git submodule update --init --recursive" },
            docs = { "https://github.com/actions/checkout#usage" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Fetch submodules",
                yaml = "- uses: actions/checkout@v4\n" ..
                    "  with:\n" ..
                    "    submodules: recursive\n",
            },
            examples = {
                matches = {
                    "  The source directory\n\n    /home/runner/work/demo/demo/third_party/json\n\n  does not " ..
                        "contain a CMakeLists.txt file.",
                },
                rejects = {
                    "  The source directory\n\n    /home/runner/work/demo/demo\n\n  does not contain a " ..
                        "CMakeLists.txt file.",
                },
            },
        },
        {
            id = "git.file_transport", title = "git refuses to clone from a local path",
            match = [[fatal: transport '(?<transport>file|ext)' not allowed]],
            class = "permission", severity = "error", priority = 92,
            cause = "Since 2.38.1 (CVE-2022-39253) submodules may not come from local paths.",
            fix = "In tests that need it: `git -c protocol.file.allow=always …`, or set it for that command's " ..
                "environment (GIT_CONFIG_COUNT).",
            commands = { "git -c protocol.file.allow=always submodule update --init" },
            docs = { "https://git-scm.com/docs/git-config#Documentation/git-config.txt-protocolallow" },
            examples = {
                matches = { "fatal: transport 'file' not allowed" },
                rejects = { "Cloning into '/tmp/a'... done." },
            },
        },
        {
            id = "git.lfs_budget", title = "The Git LFS quota is used up",
            match = [[This repository (?:is over its data quota|exceeded its LFS budget)]],
            class = "infrastructure", severity = "error", priority = 96,
            cause = "The account's bandwidth or storage for LFS of this month is spent; each checkout with `lfs: " ..
                "true` downloads all of it.",
            fix = "Cache .git/lfs between runs or fetch only what a job needs (`git lfs pull --include`), and " ..
                "raise the budget.",
            commands = { "GIT_LFS_SKIP_SMUDGE=1 git clone URL" },
            docs = { "https://docs.github.com/en/billing/concepts/product-billing/git-lfs" },
            examples = {
                matches = {
                    "batch response: This repository is over its data quota. Account responsible for LFS " ..
                        "bandwidth should purchase more data packs to restore access.",
                    "batch response: This repository exceeded its LFS budget. The account responsible for the " ..
                        "budget should increase it to restore access.",
                },
                rejects = { "Downloading LFS objects: 100% (3/3), 12 MB" },
            },
        },
        {
            id = "git.lfs_not_installed", title = "Git LFS is not installed",
            match = [[(?:git-lfs: (?:command )?not found|git: 'lfs' is not a git command|]] ..
                [[This repository is configured for Git LFS but 'git-lfs' was not found)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The repository uses Git LFS, and this machine or container does not have it.",
            fix = "Install git-lfs before the checkout.",
            commands = { "apt-get update && apt-get install -y git-lfs && git lfs install" },
            docs = { "https://git-lfs.com" },
            examples = {
                matches = {
                    "git: 'lfs' is not a git command. See 'git --help'.",
                    "git-lfs filter-process: 1: git-lfs: not found",
                    "This repository is configured for Git LFS but 'git-lfs' was not found on your path.",
                },
                rejects = { "Git LFS initialized." },
            },
        },
        {
            id = "git.lfs_object_missing", title = "An LFS object could not be fetched",
            match = [[(?:Object does not exist on the server|Error downloading object: (?<object>[^:]+)|]] ..
                [[smudge filter lfs failed|error: failed to fetch some objects from|LFS: .{0,80}\b404\b)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The LFS server does not have the file's content: it was never uploaded (`git lfs push " ..
                "--all`), or a fork or a mirror lacks it.",
            fix = "Push the objects from a clone that has them. To get on without, check out with `lfs: false`.",
            commands = { "git lfs push --all origin" },
            docs = { "https://github.com/git-lfs/git-lfs/blob/main/docs/man/git-lfs-push.adoc" },
            examples = {
                matches = {
                    "[3f1b0c] Object does not exist on the server or you don't have permissions to access it: " ..
                        "[404] Object does not exist on the server",
                    "Error downloading object: data/model.bin (3f1b0c5): Smudge error",
                    "fatal: data/model.bin: smudge filter lfs failed",
                },
                rejects = { "Downloading data/model.bin (12 MB)" },
            },
        },
        {
            id = "git.lfs_pointer", title = "A file is an LFS pointer, not its content",
            match = [[version https://git-lfs\.github\.com/spec/v1]],
            class = "missing setup", severity = "error", priority = 72,
            cause = "A program printed, or choked on, the text that stands in place of a large file: the checkout " ..
                "did not fetch LFS objects.",
            fix = "Check out with `lfs: true`, or `git lfs pull` before the file is used.",
            commands = { "git lfs pull" },
            docs = { "https://github.com/actions/checkout#usage" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Fetch LFS files",
                yaml = "- uses: actions/checkout@v4\n" ..
                    "  with:\n" ..
                    "    lfs: true\n",
            },
            examples = {
                matches = { "json.decoder: unexpected 'version https://git-lfs.github.com/spec/v1'" },
                rejects = { "see https://git-lfs.github.com" },
            },
        },
        {
            id = "git.destination_exists", title = "The folder {path} exists already",
            match = [[fatal: destination path '(?<path>[^']+)' already exists and is not an empty directory]],
            class = "code bug", severity = "error", priority = 84,
            cause = "`git clone` does not write into a folder that has files: a cache restored it, or an earlier " ..
                "run on this (self-hosted) machine left it.",
            fix = "Remove it before, or fetch into it when it is there.",
            commands = { "rm -rf '{path}'" },
            docs = { "https://git-scm.com/docs/git-clone" },
            examples = {
                matches = { "fatal: destination path 'vendor' already exists and is not an empty directory." },
                rejects = { "Cloning into 'vendor'..." },
            },
        },
        {
            id = "git.lock_file", title = "Another git process holds {file}",
            match = [[Unable to create '(?<file>[^']+\.lock)': File exists]],
            class = "flaky", severity = "error", priority = 82,
            cause = "Two git commands ran in the same repository at once, or one was killed and left its lock.",
            fix = "Do not let parallel steps share a checkout. On a self-hosted runner remove the file when no " ..
                "git runs.",
            commands = { "rm -f '{file}'" },
            docs = { "https://git-scm.com/docs/git" },
            examples = {
                matches = { "fatal: Unable to create '/home/runner/work/demo/demo/.git/index.lock': File exists." },
                rejects = { "Unable to create release" },
            },
        },
        {
            id = "git.transfer_broken", title = "A transfer of git broke off",
            match = [[(?:error: RPC failed; (?<why>.{1,120})|fatal: early EOF|fetch-pack: unexpected disconnect|]] ..
                [[fatal: [Tt]he remote end hung up unexpectedly|]] ..
                [[fatal: unable to access '(?<url>[^']+)': (?:GnuTLS recv error|OpenSSL SSL_read|Recv failure|]] ..
                [[Empty reply|HTTP/2 stream|transfer closed)|error: \d+ bytes of body are still expected)]],
            class = "flaky", severity = "error", priority = 76,
            cause = "The connection ended in the middle: network, a proxy with a limit of size or time, memory, " ..
                "or the server.",
            fix = "Run again. For large repositories fetch less (`--depth=1`, `--filter=blob:none`); behind " ..
                "proxies try `http.version=HTTP/1.1`.",
            commands = { "git config --global http.version HTTP/1.1" },
            docs = { "https://git-scm.com/docs/git-config#Documentation/git-config.txt-httppostBuffer" },
            examples = {
                matches = {
                    "error: RPC failed; curl 56 GnuTLS recv error (-54): Error in the pull function.",
                    "fatal: early EOF",
                    "fatal: the remote end hung up unexpectedly",
                },
                rejects = { "Receiving objects: 100% (3/3), done." },
            },
        },
        {
            id = "git.server_error", title = "The git server answered {status}",
            match = [[fatal: unable to access '(?<url>[^']+)': The requested URL returned error: (?<status>5\d\d|]] ..
                [[429)]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "`{url}` is unwell or limits requests ({status}).",
            fix = "Run again later; look at the service's status page.",
            docs = { "https://www.githubstatus.com/" },
            examples = {
                matches = {
                    "fatal: unable to access 'https://github.com/acme/demo/': The requested URL returned error: 503",
                },
                rejects = {
                    "fatal: unable to access 'https://github.com/acme/demo/': The requested URL returned error: 403",
                },
            },
        },
        {
            id = "git.http_forbidden", title = "Access to {url} is refused ({status})",
            match = [[fatal: unable to access '(?<url>[^']+)': The requested URL returned error: (?<status>40[0-6])]],
            class = "permission", severity = "error", priority = 84,
            cause = "The server knows the request and refuses it: the token lacks a right (403), is unknown " ..
                "(401), or the address is wrong (404, 400).",
            fix = "For a push, give the job `contents: write`; for other repositories use a token that may access " ..
                "them; SSO-protected organisations must authorise it.",
            docs = { "https://docs.github.com/en/actions/tutorials/authenticate-with-github_token" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Let the job push",
                yaml = "permissions:\n" ..
                    "  contents: write\n",
            },
            examples = {
                matches = {
                    "fatal: unable to access 'https://github.com/acme/demo/': The requested URL returned error: 403",
                },
                rejects = {
                    "fatal: unable to access 'https://github.com/acme/demo/': The requested URL returned error: 503",
                },
            },
        },
        {
            id = "git.file_name_too_long", title = "A path is too long for Windows",
            match = [[(?:error: unable to create file (?<file>.{1,400}): |]] ..
                [[fatal: cannot create directory at '(?<folder>[^']+)': )Filename too long]],
            class = "matrix gap", severity = "error", priority = 92,
            cause = "Windows limits paths to 260 characters unless long paths are switched on.",
            fix = "Switch them on for git before the checkout, or check out to a shorter folder.",
            commands = { "git config --system core.longpaths true" },
            docs = { "https://learn.microsoft.com/en-us/windows/win32/fileio/maximum-file-path-limitation" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Long paths before the checkout",
                yaml = "- run: git config --system core.longpaths true\n" ..
                    "  if: runner.os == 'Windows'\n" ..
                    "- uses: actions/checkout@v4\n",
            },
            examples = {
                matches = { "error: unable to create file a/very/long/path/to/some/file.java: Filename too long" },
                rejects = { "warning: long file name" },
            },
        },
        {
            id = "git.invalid_path", title = "{path} cannot exist on Windows",
            match = [[error: invalid path '(?<path>[^']+)']],
            class = "matrix gap", severity = "error", priority = 93,
            cause = "The name has a character or form that Windows forbids: `: < > | ? *` or a quote, a dot or " ..
                "blank at the end, or a reserved name such as aux, con and nul.",
            fix = "Rename it in the repository; until then leave it out with a sparse checkout.",
            docs = { "https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file" },
            examples = {
                matches = { "error: invalid path 'tests/data/a:b.txt'" },
                rejects = { "error: pathspec 'x' did not match any file(s) known to git" },
            },
        },
        {
            id = "git.case_collision", title = "Names differ only in case",
            match = [[warning: the following paths have collided]],
            class = "matrix gap", severity = "warning", priority = 60,
            cause = "Two files of the repository have names that differ in upper and lower case only; on Windows " ..
                "and macOS one overwrites the other.",
            fix = "Rename one of them.",
            commands = { "git ls-files | sort -f | uniq -di" },
            docs = { "https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreignoreCase" },
            examples = {
                matches = { "warning: the following paths have collided (e.g. case-sensitive paths" },
                rejects = { "warning: LF will be replaced by CRLF" },
            },
        },
        {
            id = "git.unrelated_histories", title = "The histories have nothing in common",
            match = [[fatal: refusing to merge unrelated histories]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The two sides share no commit, as far as this clone knows: the history was rewritten, or the " ..
                "clone is shallow.",
            fix = "Fetch more history (`git fetch --unshallow`). If they are truly unrelated, " ..
                "`--allow-unrelated-histories` says that you know.",
            commands = { "git fetch --unshallow" },
            docs = { "https://git-scm.com/docs/git-merge" },
            examples = {
                matches = { "fatal: refusing to merge unrelated histories" },
                rejects = { "Merge made by the 'ort' strategy." },
            },
        },
    },
}
