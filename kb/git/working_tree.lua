-- Git: working trees, commits and branches.

return {
    about = "git: working trees, commits and branches",
    entries = {
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
            match = [[CONFLICT \((?<kind>[^)]{1,500})\): (?:Merge conflict in (?<file>\S+)|\S.{1,160})]],
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
            id = "git.fatal", title = "git stopped",
            match = [[^fatal: (?!\[)(?<message>\S.{1,200})]],
            class = "code bug", severity = "error", priority = 28,
            cause = "git's words: {message}",
            fix = "Repeat the command with GIT_TRACE=1 (and GIT_CURL_VERBOSE=1 for the network) to see what it " ..
                "did before.",
            commands = { "GIT_TRACE=1 git COMMAND" },
            docs = { "https://git-scm.com/docs/git#_environment_variables" },
            examples = {
                matches = { "fatal: unable to write new index file" },
                rejects = { "fatal: [web1]: FAILED! => {\"msg\": \"no\"}" },
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
