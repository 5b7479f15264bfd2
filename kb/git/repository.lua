-- Git: repositories, references, remotes and rights.

return {
    about = "git: repositories, references, remotes and rights",
    entries = {
        {
            id = "git.dubious_ownership", title = "git does not trust the folder {path}",
            match = [[detected dubious ownership in repository at '(?<path>[^']+)']],
            class = "permission", severity = "error", priority = 95,
            cause = "`{path}` belongs to another user than the one git runs as, typically a checkout of the " ..
                "runner's user inside a container that runs as root.",
            fix = "Name the folder as safe in the job, or run the container as the owner.",
            commands = { "git config --global --add safe.directory '{path}'" },
            docs = { "https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Trust the workspace inside the container",
                yaml = "- run: git config --global --add safe.directory \"$GITHUB_WORKSPACE\"\n",
            },
            examples = {
                matches = { "fatal: detected dubious ownership in repository at '/__w/demo/demo'" },
                rejects = { "git config --global --add safe.directory /__w/demo/demo" },
            },
        },
        {
            id = "git.not_a_repository", title = "There is no git repository here",
            match = [[(?:^|: |\] |\| )fatal: [Nn]ot a git repository]],
            class = "code bug", severity = "error", priority = 80,
            cause = "The command ran outside of a checkout: no checkout step, another folder, or only the files " ..
                "were copied (COPY without .git, a source archive). actions/checkout without git on the path " ..
                "downloads an archive.",
            fix = "Check out first, install git in containers before the checkout, and let tools that ask git for " ..
                "a version take it from the environment where there is none.",
            commands = { "git rev-parse --show-toplevel" },
            docs = { "https://github.com/actions/checkout" },
            examples = {
                matches = { "fatal: not a git repository (or any of the parent directories): .git" },
                rejects = { "Initialized empty Git repository in /home/runner/work/demo/demo/.git/" },
            },
        },
        {
            id = "git.no_credentials", title = "git has no credentials for {url}",
            match = [[could not read (?:Username|Password) for '(?<url>[^']+)': (?<why>terminal prompts disabled|]] ..
                [[No such device or address|Device not configured|Input/output error)]],
            class = "permission", severity = "error", priority = 92,
            cause = "`{url}` wants a sign-in, and there is nobody to type one. GitHub also asks for it when a " ..
                "repository does not exist or is private and the token cannot see it.",
            fix = "Check the address. For private submodules or dependencies give checkout a `token`, or rewrite " ..
                "the address to one with a token.",
            commands = {
                "git config --global url.\"https://x-access-token:$TOKEN@github.com/\".insteadOf " ..
                    "\"https://github.com/\"",
            },
            docs = { "https://docs.github.com/en/get-started/git-basics/about-remote-repositories" },
            examples = {
                matches = {
                    "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
                    "fatal: could not read Username for 'https://github.com': No such device or address",
                },
                rejects = { "remote: Counting objects: 100% (3/3), done." },
            },
        },
        {
            id = "git.authentication_failed", title = "The credentials for {url} are not accepted",
            match = [[fatal: Authentication failed for '(?<url>[^']+)']],
            class = "permission", severity = "error", priority = 90,
            cause = "Token or password are wrong, expired or lack rights; GitHub takes no passwords for git.",
            fix = "Renew the token; for another repository than the workflow's own, GITHUB_TOKEN never suffices: " ..
                "use an App's token or a deploy key.",
            docs = {
                "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-pers" ..
                    "onal-access-tokens",
            },
            examples = {
                matches = { "fatal: Authentication failed for 'https://github.com/acme/demo.git/'" },
                rejects = { "Authentication succeeded" },
            },
        },
        {
            id = "git.repository_not_found", title = "The repository is not there, or not for these eyes",
            match = [[(?:ERROR: Repository not found|remote: Repository not found|]] ..
                [[fatal: repository '(?<url>[^']+)' (?:not found|does not exist))]],
            class = "permission", severity = "error", priority = 90,
            cause = "The address is wrong, the repository was renamed or deleted, or it is private and the token " ..
                "or key has no access; GitHub answers the same to both.",
            fix = "Compare the address (also in .gitmodules and lock files). For private ones use a token that " ..
                "may read it.",
            commands = { "git ls-remote URL" },
            docs = {
                "https://docs.github.com/en/repositories/creating-and-managing-repositories/troubleshooting-clonin" ..
                    "g-errors",
            },
            examples = {
                matches = {
                    "remote: Repository not found.",
                    "fatal: repository 'https://github.com/acme/gone.git/' not found",
                },
                rejects = { "fatal: couldn't find remote ref main" },
            },
        },
        {
            id = "git.push_forbidden", title = "{user} may not write to {repository}",
            match = [[remote: (?:Permission to (?<repository>\S+) denied to (?<user>[^.]{1,500}(?:\[bot\])?)\.|]] ..
                [[Write access to repository not granted)]],
            class = "permission", severity = "error", priority = 94,
            cause = "The token may read only. GITHUB_TOKEN has `contents: read` unless the workflow asks for " ..
                "more, and never more in runs from forks.",
            fix = "Give the job `contents: write`, or push with a deploy key or an App's token.",
            docs = { "https://docs.github.com/en/actions/tutorials/authenticate-with-github_token" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Let the job push",
                yaml = "permissions:\n" ..
                    "  contents: write\n",
            },
            examples = {
                matches = { "remote: Permission to acme/demo.git denied to github-actions[bot]." },
                rejects = { "remote: Resolving deltas: 100% (1/1), completed with 1 local object." },
            },
        },
        {
            id = "git.push_workflow_forbidden", title = "The token may not change the workflow {file}",
            match = [[refusing to allow (?:a GitHub App|an OAuth App|a Personal Access Token|]] ..
                [[an integration) to create or update workflow `?(?<file>[^`\s]+)`? without `?workflows?`? ]] ..
                [[(?:permission|scope)]],
            class = "permission", severity = "error", priority = 97,
            cause = "A push that changes files in .github/workflows needs the right `workflows`, which " ..
                "GITHUB_TOKEN can never have.",
            fix = "Push with a personal token (scope `workflow`) or an App's token that has the permission, or " ..
                "leave workflow files out.",
            docs = { "https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps" },
            examples = {
                matches = {
                    " ! [remote rejected] main -> main (refusing to allow a GitHub App to create or update " ..
                        "workflow `.github/workflows/ci.yml` without `workflows` permission)",
                },
                rejects = { "workflow updated" },
            },
        },
        {
            id = "git.protected_branch", title = "The branch is protected",
            match = [[(?:GH006: Protected branch update failed for (?<ref>\S+?)\.?$|]] ..
                [[GH013: Repository rule violations found|remote: error: Cannot (?:force-push|]] ..
                [[delete) (?:to )?this (?:protected )?branch)]],
            class = "permission", severity = "error", priority = 95,
            cause = "Branch protection or a ruleset refuses the push: reviews, checks, signatures or linear " ..
                "history are demanded. \"remote:\" lines below say which.",
            fix = "Push to another branch and open a pull request, or let the App that pushes bypass the rule.",
            docs = {
                "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managi" ..
                    "ng-protected-branches/about-protected-branches",
            },
            examples = {
                matches = {
                    "remote: error: GH006: Protected branch update failed for refs/heads/main.",
                    "remote: error: GH013: Repository rule violations found for refs/heads/main.",
                },
                rejects = { "To github.com:acme/demo.git" },
            },
        },
        {
            id = "git.large_file", title = "A file is too large for GitHub",
            match = [[remote: error: (?:File (?<file>.{1,500}) is (?<size>[\d.]+ [KMG]B); this exceeds GitHub's ]]
                .. [[file ]] ..
                [[size limit|GH001: Large files detected)]],
            class = "code bug", severity = "error", priority = 95,
            cause = "GitHub refuses files above 100 MB anywhere in the commits that are pushed.",
            fix = "Take it out of the commits (not only of the last one) and keep it in Git LFS or in a release.",
            commands = { "git lfs migrate import --include=FILE" },
            docs = {
                "https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files" ..
                    "-on-github",
            },
            examples = {
                matches = {
                    "remote: error: File data/model.bin is 141.30 MB; this exceeds GitHub's file size limit of " ..
                        "100.00 MB",
                    "remote: error: GH001: Large files detected. You may want to try Git Large File Storage - " ..
                        "https://git-lfs.github.com.",
                },
                rejects = {
                    "remote: warning: File data/a.bin is 60.00 MB; this is larger than GitHub's recommended " ..
                        "maximum file size of 50.00 MB",
                },
            },
        },
        {
            id = "git.push_rejected", title = "The remote branch has moved on",
            match = [[! \[(?:remote )?rejected\]\s+(?<from>\S+) -> (?<to>\S+) \((?<why>non-fast-forward|]] ..
                [[fetch first|stale info|cannot lock ref[^)]*|incorrect old value provided)]],
            class = "flaky", severity = "error", priority = 84,
            cause = "Somebody, often another job of the same workflow, pushed to `{to}` in between ({why}).",
            fix = "Fetch and rebase before the push and try again, and give jobs that push a common `concurrency` " ..
                "group.",
            commands = { "git pull --rebase origin {to} && git push" },
            docs = { "https://git-scm.com/docs/git-push#_note_about_fast_forwards" },
            examples = {
                matches = {
                    " ! [rejected]        main -> main (fetch first)",
                    " ! [rejected]        main -> main (non-fast-forward)",
                },
                rejects = { "   1a2b3c4..5d6e7f8  main -> main" },
            },
        },
        {
            id = "git.tag_exists", title = "The tag exists already",
            match = [[(?:fatal: tag '(?<tag>[^']+)' already exists|]] ..
                [[! \[rejected\]\s+(?<from>\S+) -> (?<to>\S+) \((?:already exists|would clobber existing tag)\))]],
            class = "code bug", severity = "error", priority = 88,
            cause = "The workflow makes a tag that exists: the version was not raised, or the job was run twice.",
            fix = "Raise the version, or skip the step when the tag exists. Moving a published tag breaks those " ..
                "who have it.",
            commands = { "git ls-remote --tags origin" },
            docs = { "https://git-scm.com/docs/git-tag" },
            examples = {
                matches = {
                    "fatal: tag 'v1.2.0' already exists",
                    " ! [rejected]        v1.2.0 -> v1.2.0 (already exists)",
                },
                rejects = { " * [new tag]         v1.2.0 -> v1.2.0" },
            },
        },
        {
            id = "git.reference_missing", title = "There is no {reference} at the remote",
            match = [[(?:[Cc]ould(?:n't| not) find remote ref |Remote branch (?=\S+ not found in upstream)|]] ..
                [[A branch or tag with the name '(?=[^']+' could not be found))(?<reference>[^\s']+)]],
            class = "code bug", severity = "error", priority = 84,
            cause = "The branch or tag was deleted (merged meanwhile?), renamed (master to main), or never pushed.",
            fix = "Correct the name. A run for a branch that is gone need not be repeated.",
            commands = { "git ls-remote origin" },
            docs = { "https://git-scm.com/docs/git-fetch" },
            examples = {
                matches = {
                    "fatal: couldn't find remote ref refs/heads/feature",
                    "fatal: Remote branch devel not found in upstream origin",
                    "##[error]A branch or tag with the name 'v9' could not be found",
                },
                rejects = { " * branch            main       -> FETCH_HEAD" },
            },
        },
        {
            id = "git.shallow_history", title = "The checkout does not have the history that is asked for",
            match = [[(?:fatal: ambiguous argument '(?<revision>(?![0-9a-f]{40})[^']+)': unknown revision or ]] ..
                [[path not in the working tree|fatal: (?:bad revision|Invalid revision range|]] ..
                [[bad object) '?(?<range>[\w./~^-]+)'?|fatal: No names found, cannot describe anything|]] ..
                [[fatal: No tags can describe|fatal: Not a valid object name (?<object>\S+)|]] ..
                [[fatal: .{1,80}: no merge base|shallow update not allowed)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "actions/checkout fetches one commit and no tags, so comparing with another branch, " ..
                "describing by tags or counting commits finds nothing. (Or the name is misspelt.)",
            fix = "Fetch the history and tags with `fetch-depth: 0`, or fetch just the base: `git fetch " ..
                "--depth=100 origin main`.",
            commands = { "git fetch --unshallow --tags" },
            docs = { "https://github.com/actions/checkout#fetch-all-history-for-all-tags-and-branches" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The whole history and its tags",
                yaml = "- uses: actions/checkout@v4\n" ..
                    "  with:\n" ..
                    "    fetch-depth: 0\n",
            },
            examples = {
                matches = {
                    "fatal: ambiguous argument 'origin/main...HEAD': unknown revision or path not in the working " ..
                        "tree.",
                    "fatal: No names found, cannot describe anything.",
                    "fatal: bad revision 'HEAD~5'",
                    "fatal: origin/main...HEAD: no merge base",
                },
                rejects = { "v1.2.0-3-g1a2b3c4" },
            },
        },
    },
}
