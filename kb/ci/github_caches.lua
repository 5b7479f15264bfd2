-- GitHub Actions: artifacts and caches.

return {
    about = "GitHub Actions: artifacts and caches",
    entries = {
        {
            id = "actions.artifact_not_found", title = "There is no artifact '{name}'",
            match = [[(?:Artifact not found for name: |Unable to find an artifact with the name: )(?<name>[^\s,]+)]],
            class = "code bug", severity = "error", priority = 94,
            cause = "The job that should upload `{name}` did not run, failed, or named it otherwise. Version 4 of " ..
                "download-artifact does not find what version 3 uploaded.",
            fix = "Let this job need the other (`needs:`), and use the same name and major version in both. For " ..
                "another run, give `run-id` and `github-token`.",
            docs = { "https://github.com/actions/download-artifact#readme" },
            examples = {
                matches = {
                    "##[error]Unable to download artifact(s): Artifact not found for name: dist",
                    "##[error]Unable to find an artifact with the name: dist",
                },
                rejects = { "Found 1 artifact(s)" },
            },
        },
        {
            id = "actions.artifact_name_taken", title = "An artifact of this name exists already",
            match = [[Failed to CreateArtifact: Received non-retryable error: Failed request: \(409\) Conflict]],
            class = "code bug", severity = "error", priority = 97,
            cause = "Since version 4 an artifact can be uploaded once only, and several jobs of the matrix use " ..
                "the same name (or the job was repeated without `overwrite`).",
            fix = "Put what differs into the name, and download with `pattern` and `merge-multiple`.",
            docs = { "https://github.com/actions/upload-artifact/blob/main/docs/MIGRATION.md" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A name for each job of the matrix",
                yaml = "- uses: actions/upload-artifact@v4\n" ..
                    "  with:\n" ..
                    "    name: results-${{ matrix.os }}-${{ strategy.job-index }}\n" ..
                    "    path: results/\n",
            },
            examples = {
                matches = {
                    "##[error]Failed to CreateArtifact: Received non-retryable error: Failed request: (409) " ..
                        "Conflict: an artifact with this name already exists on the workflow run",
                },
                rejects = { "Artifact name is valid!" },
            },
        },
        {
            id = "actions.artifact_empty", title = "Nothing was found to upload at {path}",
            match = [[No files were found with the provided path: (?<path>.{1,200}?)\. No artifacts will be ]] ..
                [[uploaded]],
            class = "code bug", severity = "warning", priority = 42,
            cause = "The build did not write to `{path}`, often because it failed before, or writes elsewhere. " ..
                "Hidden files are left out since version 4.4.",
            fix = "List the folder in a step before. With `if-no-files-found: error` the job fails here and not " ..
                "in the job that downloads.",
            docs = { "https://github.com/actions/upload-artifact#inputs" },
            examples = {
                matches = {
                    "##[warning]No files were found with the provided path: dist/. No artifacts will be uploaded.",
                },
                rejects = { "Artifact dist has been successfully uploaded!" },
            },
        },
        {
            id = "actions.artifact_quota", title = "The artifact storage is full",
            match = [[Artifact storage quota has been hit]],
            class = "infrastructure", severity = "error", priority = 95,
            cause = "The account's storage for artifacts is used up; usage is reckoned anew every 6 to 12 hours.",
            fix = "Shorten `retention-days`, delete old artifacts, upload less.",
            commands = { "gh api repos/OWNER/REPO/actions/artifacts --paginate -q '.artifacts[].id'" },
            docs = { "https://docs.github.com/en/billing/concepts/product-billing/github-actions" },
            examples = {
                matches = {
                    "##[error]Failed to CreateArtifact: Artifact storage quota has been hit. Unable to upload any " ..
                        "new artifacts. Usage is recalculated every 6-12 hours.",
                },
                rejects = { "Artifact upload finished" },
            },
        },
        {
            id = "actions.artifact_name_invalid", title = "The artifact's name or path has a forbidden character",
            match = [[The (?:artifact name|path for one of the files in artifact) is not valid: ?(?<name>.{0,160})]],
            class = "code bug", severity = "error", priority = 93,
            cause = "Names of artifacts and of files in them may not contain `\" : < > | * ?` or line breaks; " ..
                "names not `\\` and `/` either. A branch name with `/` is the usual reason.",
            fix = "Replace the characters before, or pack files with such names into a tar.",
            docs = { "https://github.com/actions/upload-artifact#where-does-the-upload-go" },
            examples = {
                matches = {
                    "##[error]The artifact name is not valid: results-feature/login. Contains the following " ..
                        "character: Forward slash /",
                    "##[error]The path for one of the files in artifact is not valid: /out/a:b.txt. Contains the " ..
                        "following character: Colon :",
                },
                rejects = { "Artifact name is valid!" },
            },
        },
        {
            id = "cache.miss", title = "No cache was restored",
            match = [[Cache not found for input keys: (?<keys>.{1,300})]],
            class = "infrastructure", severity = "note", priority = 6,
            cause = "There is no cache of these keys on this branch or the default branch. The job is slower, " ..
                "nothing more.",
            fix = "Nothing, unless it is always so: then the key changes with each run, or saving fails at the " ..
                "end of the job.",
            docs = { "https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching" },
            examples = {
                matches = { "Cache not found for input keys: Linux-npm-3f1b, Linux-npm-" },
                rejects = { "Cache restored from key: Linux-npm-3f1b" },
            },
        },
        {
            id = "cache.service_failed", title = "The cache service failed",
            match = [[(?:Failed to (?:restore|save): |]] ..
                [[getCacheEntry failed: )(?<why>(?!Unable to reserve)(?:Cache service responded with \d+|]] ..
                [[\w.{1,160}))|Cache service responded with (?<status>4\d\d|5\d\d)]],
            class = "flaky", severity = "warning", priority = 30,
            cause = "Restoring or saving a cache did not work. Jobs go on without it, only slower. 422 and 400 " ..
                "come from versions of actions/cache that GitHub has retired.",
            fix = "Nothing if it happens once; otherwise update actions/cache and setup-* actions.",
            docs = { "https://github.com/actions/cache/blob/main/tips-and-workarounds.md" },
            examples = {
                matches = {
                    "##[warning]Failed to restore: Cache service responded with 503",
                    "##[warning]getCacheEntry failed: connect ETIMEDOUT",
                },
                rejects = {
                    "Failed to save: Unable to reserve cache with key x, another job may be creating this cache.",
                },
            },
        },
        {
            id = "cache.reserved", title = "Another job saved this cache",
            match = [[Unable to reserve cache with key (?<key>\S+), another job may be creating this cache]],
            class = "infrastructure", severity = "note", priority = 5,
            cause = "Two jobs wanted to save `{key}`; the first one won. Harmless.",
            fix = "Put what differs between the jobs into the key if they should not share it.",
            docs = { "https://github.com/actions/cache#readme" },
            examples = {
                matches = {
                    "Failed to save: Unable to reserve cache with key Linux-npm-3f1b, another job may be creating " ..
                        "this cache. More details: Cache already exists.",
                },
                rejects = { "Cache saved with key: Linux-npm-3f1b" },
            },
        },
        {
            id = "cache.lock_file_missing", title = "The cache of the set-up action finds no lock file",
            match = [=[(?:Dependencies lock file is not found in (?<folder>[^\s.][^.]*?)\. Supported file ]=] ..
                [=[patterns: (?<patterns>.{1,160})|No file in (?<root>\S+) matched to \[(?<globs>[^\]]+)\])]=],
            class = "code bug", severity = "error", priority = 96,
            cause = "setup-node, setup-python, setup-java and the like hash the lock file for the key of their " ..
                "`cache:`, and found none: not committed, in a subfolder, or nothing was checked out yet.",
            fix = "Check out before the set-up, commit the lock file, and say where it is with " ..
                "`cache-dependency-path`; or drop `cache:`.",
            docs = { "https://github.com/actions/setup-node#caching-global-packages-data" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Say where the lock file is",
                yaml = "- uses: actions/setup-node@v4\n" ..
                    "  with:\n" ..
                    "    cache: npm\n" ..
                    "    cache-dependency-path: frontend/package-lock.json\n",
            },
            examples = {
                matches = {
                    "##[error]Dependencies lock file is not found in /home/runner/work/demo/demo. Supported file " ..
                        "patterns: package-lock.json,npm-shrinkwrap.json,yarn.lock",
                    "##[error]No file in /home/runner/work/demo/demo matched to [**/requirements.txt or " ..
                        "**/pyproject.toml], make sure you have checked out the target repository",
                },
                rejects = { "Lock file found" },
            },
        },
        {
            id = "cache.paths_missing", title = "The folders to be cached do not exist",
            match = [[Path Validation Error: Path\(s\) specified in the action for caching do\(es\) not exist|]] ..
                [[Some specified paths were not resolved, unable to cache dependencies]],
            class = "code bug", severity = "warning", priority = 34,
            cause = "At the end of the job none of the cached folders was there: nothing was installed into them, " ..
                "or the tool keeps its cache elsewhere.",
            fix = "Compare the path with what the tool says (`npm config get cache`, `pip cache dir`, `go env " ..
                "GOMODCACHE`).",
            docs = { "https://github.com/actions/cache#inputs" },
            examples = {
                matches = {
                    "##[warning]Path Validation Error: Path(s) specified in the action for caching do(es) not " ..
                        "exist, hence no cache is being saved.",
                    "##[error]Some specified paths were not resolved, unable to cache dependencies.",
                },
                rejects = { "Cache saved successfully" },
            },
        },
        {
            id = "cache.tar_failed", title = "A cache could not be unpacked",
            match = [[(?:Tar failed with error: |Failed to restore: "?/usr/bin/tar"? failed with error: ]] ..
                [[)(?<why>.{1,200})]],
            class = "cache corruption", severity = "warning", priority = 36,
            cause = "Files that are there already are not overwritten by the cache (\"Cannot open: File exists\": " ..
                "two actions restore the same folder), or the archive is damaged.",
            fix = "Let one action alone cache the folder, or restore before the other writes; delete the damaged " ..
                "cache otherwise.",
            commands = { "gh cache delete KEY" },
            docs = { "https://docs.github.com/en/actions/how-tos/manage-workflow-runs/manage-caches" },
            examples = {
                matches = { "##[warning]Tar failed with error: The process '/usr/bin/tar' failed with exit code 2" },
                rejects = { "tar: Removing leading `/' from member names" },
            },
        },
    },
}
