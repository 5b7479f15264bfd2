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
            match = [[fatal: [Nn]ot a git repository]],
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
            match = [[remote: (?:Permission to (?<repository>\S+) denied to (?<user>[^.]+(?:\[bot\])?)\.|]] ..
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
            match = [[remote: error: (?:File (?<file>.+) is (?<size>[\d.]+ [KMG]B); this exceeds GitHub's file ]] ..
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
            match = [[(?:fatal: ambiguous argument '(?<revision>[^']+)': unknown revision or path not in the ]] ..
                [[working tree|fatal: (?:bad revision|Invalid revision range|]] ..
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
        {
            id = "git.pathspec", title = "git knows no '{path}'",
            match = [[error: pathspec '(?<path>[^']+)' did not match any file]],
            class = "code bug", severity = "error", priority = 78,
            cause = "Neither a file nor a branch `{path}` is known in this checkout. In shallow checkouts other " ..
                "branches are missing.",
            fix = "Correct the name; for a branch, fetch it first (`fetch-depth: 0` or `git fetch origin {path}`).",
            commands = { "git branch -a && git ls-files | head" },
            docs = { "https://git-scm.com/docs/git-checkout" },
            examples = {
                matches = { "error: pathspec 'devel' did not match any file(s) known to git" },
                rejects = { "Switched to branch 'devel'" },
            },
        },
        {
            id = "git.no_identity", title = "git does not know who commits",
            match = [[(?:\*\*\* Please tell me who you are|fatal: (?:empty ident name|]] ..
                [[unable to auto-detect email address|no email was given))]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "A commit, merge or tag needs a name and an address, and runners have none.",
            fix = "Set both before, in this job.",
            commands = {
                "git config --global user.name \"github-actions[bot]\"",
                "git config --global user.email \"41898282+github-actions[bot]@users.noreply.github.com\"",
            },
            docs = { "https://git-scm.com/book/en/v2/Getting-Started-First-Time-Git-Setup" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "An identity for commits",
                yaml = "- run: |\n" ..
                    "    git config user.name \"github-actions[bot]\"\n" ..
                    "    git config user.email \"41898282+github-actions[bot]@users.noreply.github.com\"\n",
            },
            examples = {
                matches = {
                    "*** Please tell me who you are.",
                    "fatal: empty ident name (for <runner@fv-az123>) not allowed",
                },
                rejects = { "Author: A U Thor <a@example.org>" },
            },
        },
        {
            id = "git.conflict", title = "Conflict in {file}",
            match = [[CONFLICT \((?<kind>[^)]+)\): (?:Merge conflict in (?<file>\S+)|\S.{1,160})]],
            class = "code bug", severity = "error", priority = 84,
            cause = "Both sides changed the same place ({kind}), so the merge or rebase stopped.",
            fix = "Merge the target branch locally, resolve it and push. If a robot merges, let it open a pull " ..
                "request instead.",
            commands = { "git diff --name-only --diff-filter=U" },
            docs = { "https://git-scm.com/docs/git-merge#_how_conflicts_are_presented" },
            examples = {
                matches = { "CONFLICT (content): Merge conflict in src/main.py" },
                rejects = { "Auto-merging src/main.py" },
            },
        },
        {
            id = "git.patch_failed", title = "A patch does not apply to {file}",
            match = [[error: patch failed: (?<file>[^:]+):(?<line>\d+)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "The lines around {line} of {file} are not those that the patch expects: the upstream file " ..
                "changed, or line ends differ.",
            fix = "Renew the patch against the version that is patched; for line ends use `--ignore-whitespace`.",
            commands = { "git apply --3way --check FILE.patch" },
            docs = { "https://git-scm.com/docs/git-apply" },
            examples = {
                matches = { "error: patch failed: src/config.c:42" },
                rejects = { "Applying: mend the build" },
            },
        },
        {
            id = "git.local_changes", title = "Changed files are in the way",
            match = [[error: (?:Your local changes to the following files would be overwritten by|]] ..
                [[The following untracked working tree files would be overwritten by|cannot (?:pull with rebase|]] ..
                [[rebase): You have unstaged changes)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "An earlier step changed or made files (a lock file, generated code, line ends), and git " ..
                "refuses to overwrite them.",
            fix = "See with `git status` which. Commit them, restore them (`git checkout -- FILE`), or keep the " ..
                "step from touching them (`npm ci` for `npm install`).",
            commands = { "git status --short" },
            docs = { "https://git-scm.com/docs/git-checkout" },
            examples = {
                matches = {
                    "error: Your local changes to the following files would be overwritten by checkout:",
                    "error: cannot pull with rebase: You have unstaged changes.",
                },
                rejects = { "Your branch is up to date with 'origin/main'." },
            },
        },
        {
            id = "git.nothing_to_commit", title = "There was nothing to commit",
            match = {
                [[nothing (?:added )?to commit(?:,| \()]],
                [[(?:Process completed with exit code 1|exited with 1|Command exited with code 1|exit status 1)]],
            },
            within = 5,
            class = "code bug", severity = "error", priority = 62,
            cause = "`git commit` ends with code 1 when nothing changed, and that ended the step.",
            fix = "Commit only when there is something: `git diff --cached --quiet || git commit -m …`.",
            commands = { "git diff --cached --quiet || git commit -m \"Update\"" },
            docs = { "https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---quiet" },
            examples = {
                matches = { "nothing to commit, working tree clean\n##[error]Process completed with exit code 1." },
                rejects = { "nothing to commit, working tree clean\nEverything up-to-date" },
            },
        },
        {
            id = "git.detached_head", title = "The checkout is on no branch",
            match = [[fatal: You are not currently on a branch|]] ..
                [[fatal: The current branch (?<branch>\S+) has no upstream branch]],
            class = "code bug", severity = "error", priority = 78,
            cause = "CI checks out a commit, not a branch (for pull requests the merge commit), so a plain `git " ..
                "push` or `git pull` does not know where to.",
            fix = "Say it: `git push origin HEAD:BRANCH`, or check out the branch by `ref: ${{ github.head_ref }}`.",
            commands = { "git push origin HEAD:BRANCH" },
            docs = { "https://github.com/actions/checkout#push-a-commit-using-the-built-in-token" },
            examples = {
                matches = {
                    "fatal: You are not currently on a branch.",
                    "fatal: The current branch feature has no upstream branch.",
                },
                rejects = { "HEAD is now at 1a2b3c4 Mend the build" },
            },
        },
    },
}
