-- GitHub: API limits, releases, Pages, code scanning, cloud identities.

return {
    about = "GitHub: API limits, releases, Pages, code scanning, cloud identities",
    entries = {
        {
            id = "github.rate_limit", title = "GitHub's rate limit is used up",
            match = [[API rate limit exceeded for|You have exceeded a secondary rate limit|]] ..
                [[rate limit exceeded for (?:installation|user) ID]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "Too many requests came from this token, or, without a token, from the shared address of the " ..
                "runner (60 an hour).",
            fix = "Send a token with every request (`GITHUB_TOKEN`: 1,000 an hour and repository). For the " ..
                "secondary limit, make fewer requests at once and wait as long as `retry-after` says.",
            commands = { "gh api rate_limit" },
            docs = { "https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Requests with the job's token",
                yaml = "env:\n" ..
                    "  GITHUB_TOKEN: ${{ github.token }}\n",
            },
            examples = {
                matches = {
                    "##[error]API rate limit exceeded for installation ID 123456.",
                    "{\"message\":\"API rate limit exceeded for 20.1.2.3. (But here's the good news: " ..
                        "Authenticated requests get a higher rate limit.)\"}",
                    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
                },
                rejects = { "x-ratelimit-remaining: 4999" },
            },
        },
        {
            id = "github.cli_token", title = "gh has no token in this step",
            match = [[To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable]],
            class = "missing setup", severity = "error", priority = 97,
            cause = "The GitHub CLI does not take the job's token by itself.",
            fix = "Set GH_TOKEN in the step's `env`.",
            docs = {
                "https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-github-cli",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The job's token for gh",
                yaml = "- run: gh pr list\n" ..
                    "  env:\n" ..
                    "    GH_TOKEN: ${{ github.token }}\n",
            },
            examples = {
                matches = {
                    "gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable. " ..
                        "Example:",
                },
                rejects = { "GH_TOKEN: ***" },
            },
        },
        {
            id = "github.release_exists", title = "There is a release of this tag already",
            match = [["?code"?: ?"already_exists","field":"tag_name"|Release\.tag_name already exists]],
            class = "code bug", severity = "error", priority = 93,
            cause = "The workflow creates a release whose tag has one, often because the job was run again.",
            fix = "Update the release instead (`gh release upload --clobber`), or delete the old one first.",
            commands = { "gh release view TAG" },
            docs = { "https://docs.github.com/en/rest/releases/releases#create-a-release" },
            examples = {
                matches = {
                    "##[error]Validation Failed: " ..
                        "{\"resource\":\"Release\",\"code\":\"already_exists\",\"field\":\"tag_name\"}",
                    "HTTP 422: Validation Failed (https://api.github.com/repos/o/r/releases) Release.tag_name " ..
                        "already exists",
                },
                rejects = { "tag_name: v1" },
            },
        },
        {
            id = "github.pages_disabled", title = "GitHub Pages is not enabled",
            match = [[Ensure GitHub Pages has been enabled|]] ..
                [[Get Pages site failed\. Please verify that the repository has Pages enabled]],
            class = "missing setup", severity = "error", priority = 96,
            cause = "The repository has no Pages site that is built by Actions.",
            fix = "Settings › Pages › Source: \"GitHub Actions\", or `enablement: true` for configure-pages.",
            docs = {
                "https://docs.github.com/en/pages/getting-started-with-github-pages/configuring-a-publishing-sourc" ..
                    "e-for-your-github-pages-site",
            },
            examples = {
                matches = {
                    "##[error]Failed to create deployment (status: 404) with build version 3f1b. Request ID 1 " ..
                        "Ensure GitHub Pages has been enabled: https://github.com/o/r/settings/pages",
                    "##[error]Get Pages site failed. Please verify that the repository has Pages enabled and " ..
                        "configured to build using GitHub Actions, or consider exploring the `enablement` " ..
                        "parameter for this action.",
                },
                rejects = { "Created deployment for 3f1b" },
            },
        },
        {
            id = "github.environment_rules", title = "{ref} may not be deployed to {environment}",
            match = [[(?:Branch|Tag) "(?<ref>[^"]+)" is not allowed to deploy to (?<environment>\S+) due to ]] ..
                [[environment protection rules]],
            class = "permission", severity = "error", priority = 97,
            cause = "The environment {environment} allows only certain branches and tags.",
            fix = "Settings › Environments › {environment}: add {ref}, or deploy from an allowed branch.",
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments",
            },
            examples = {
                matches = {
                    "Branch \"feature\" is not allowed to deploy to github-pages due to environment protection " ..
                        "rules.",
                },
                rejects = { "Environment: github-pages" },
            },
        },
        {
            id = "github.code_scanning_default", title = "Two set-ups of code scanning are in each other's way",
            match = [[CodeQL analyses from advanced configurations cannot be processed when the default setup is ]] ..
                [[enabled]],
            class = "code bug", severity = "error", priority = 97,
            cause = "The repository has GitHub's default set-up switched on and a workflow of its own too.",
            fix = "Switch one off: Settings › Code security › CodeQL, or remove the workflow.",
            docs = {
                "https://docs.github.com/en/code-security/how-tos/scan-code-for-vulnerabilities/troubleshooting/tr" ..
                    "oubleshooting-sarif-uploads/default-setup-enabled",
            },
            examples = {
                matches = {
                    "##[error]Code Scanning could not process the submitted SARIF file: CodeQL analyses from " ..
                        "advanced configurations cannot be processed when the default setup is enabled",
                },
                rejects = { "default setup is disabled" },
            },
        },
        {
            id = "github.code_scanning_disabled", title = "Code scanning is not enabled",
            match = [[(?:Code scanning is not enabled for this repository|]] ..
                [[Advanced Security must be enabled for this repository to use code scanning|]] ..
                [[Code Security must be enabled for this repository)]],
            class = "permission", severity = "error", priority = 96,
            cause = "The repository is private without the licence, or code scanning is switched off.",
            fix = "Enable it in the repository's settings, or skip the upload for private repositories. The job " ..
                "needs `security-events: write`.",
            docs = { "https://docs.github.com/en/code-security/code-scanning" },
            patch = {
                file = ".github/workflows/codeql.yml",
                description = "The permission that the upload needs",
                yaml = "permissions:\n" ..
                    "  security-events: write\n" ..
                    "  contents: read\n",
            },
            examples = {
                matches = {
                    "##[error]Code scanning is not enabled for this repository. Please enable code scanning in " ..
                        "the repository settings.",
                    "##[error]Advanced Security must be enabled for this repository to use code scanning.",
                },
                rejects = { "Successfully uploaded results" },
            },
        },
        {
            id = "github.oidc_permission", title = "The job may not ask for an identity token",
            match = [[Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable|]] ..
                [[Did you mean to set the `id-token` permission|]] ..
                [[GitHub Actions did not inject \$ACTIONS_ID_TOKEN_REQUEST_TOKEN]],
            class = "permission", severity = "error", priority = 95,
            cause = "Signing in to a cloud or registry by OIDC needs `id-token: write`, which the job lacks (runs " ..
                "from forks never have it).",
            fix = "Add the permission to the job. Naming one permission takes the others away: list `contents: " ..
                "read` too.",
            docs = { "https://docs.github.com/en/actions/reference/security/oidc" },
            patch = {
                file = ".github/workflows/deploy.yml",
                description = "Let the job ask for identity tokens",
                yaml = "permissions:\n" ..
                    "  id-token: write\n" ..
                    "  contents: read\n",
            },
            examples = {
                matches = {
                    "##[error]Error message: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable",
                    "##[error]Credentials could not be loaded, please check your action inputs: Did you mean to " ..
                        "set the `id-token` permission?",
                },
                rejects = { "permissions: id-token: write" },
            },
        },
        {
            id = "aws.oidc_refused", title = "AWS does not let the job take the role",
            match = [[Not authorized to perform sts:AssumeRoleWithWebIdentity]],
            class = "permission", severity = "error", priority = 94,
            cause = "The role's trust policy does not fit the token: repository, branch, environment or audience " ..
                "(`sub`, `aud`) differ.",
            fix = "Compare the condition on `token.actions.githubusercontent.com:sub` with what this run is " ..
                "(`repo:OWNER/NAME:ref:…` or `:environment:…`).",
            docs = {
                "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
            },
            examples = {
                matches = {
                    "##[error]Could not assume role with OIDC: Not authorized to perform " ..
                        "sts:AssumeRoleWithWebIdentity",
                },
                rejects = { "Assuming role with OIDC" },
            },
        },
        {
            id = "aws.no_credentials", title = "AWS credentials are missing or expired",
            match = [[(?:Unable to locate credentials\. You can configure credentials|]] ..
                [[Credentials could not be loaded, please check your action inputs|NoCredentialsError|]] ..
                [[\(ExpiredToken(?:Exception)?\)|The security token included in the request is (?:expired|invalid))]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "Nothing gave this step valid credentials: the secrets are empty (a fork?), or a session " ..
                "ended during a long job.",
            fix = "Use aws-actions/configure-aws-credentials with a role in the same job, and skip such steps for " ..
                "forks; for long jobs raise `role-duration-seconds`.",
            commands = { "aws sts get-caller-identity" },
            docs = { "https://github.com/aws-actions/configure-aws-credentials" },
            examples = {
                matches = {
                    "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
                    "##[error]Credentials could not be loaded, please check your action inputs: Could not load " ..
                        "credentials from any providers",
                    "An error occurred (ExpiredToken) when calling the PutObject operation: The provided token " ..
                        "has expired.",
                },
                rejects = { "credentials loaded" },
            },
        },
        {
            id = "codecov.upload_failed", title = "The coverage report could not be uploaded",
            match = [[(?:Token required - not valid tokenless upload|]] ..
                [[Unable to locate build via Github Actions API|]] ..
                [[(?:Error: |##\[error\])Codecov(?:: Failed to properly| failed with the following error)|]] ..
                [[Please upload with the Codecov repository upload token|]] ..
                [[Codecov token not found\. Please provide Codecov token)]],
            class = "infrastructure", severity = "error", priority = 74,
            cause = "Codecov wants a token (also on public repositories for protected branches; uploads without one " ..
                "share a rate limit), or its service was unwell.",
            fix = "Set CODECOV_TOKEN, or do not let the upload fail the job (`fail_ci_if_error: false`).",
            docs = { "https://docs.codecov.com/docs/codecov-tokens" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A token, and no red job because of the upload",
                yaml = "- uses: codecov/codecov-action@v5\n" ..
                    "  with:\n" ..
                    "    token: ${{ secrets.CODECOV_TOKEN }}\n" ..
                    "    fail_ci_if_error: false\n",
            },
            examples = {
                matches = {
                    "error - 2024-05-01 10:00:00,000 -- Upload failed: {\"message\":\"Token required - not valid " ..
                        "tokenless upload\"}",
                    "Error: Codecov: Failed to properly create commit: The process " ..
                        "'/home/runner/work/_actions/codecov/codecov-action/v4/dist/codecov' failed with exit code 1",
                    "##[error]Codecov: Failed to properly upload report",
                },
                rejects = { "Upload queued for processing complete" },
            },
        },
        {
            id = "github.billing", title = "Jobs do not start because of the account's billing",
            match = [[The job was not started because (?:recent account payments have failed|]] ..
                [[your account is locked due to a billing issue)]],
            class = "infrastructure", severity = "error", priority = 98,
            cause = "The account's minutes or spending limit are used up, or a payment failed.",
            fix = "An owner settles it under Settings › Billing; public repositories on standard runners are free.",
            docs = { "https://docs.github.com/en/billing/concepts/product-billing/github-actions" },
            examples = {
                matches = {
                    "The job was not started because recent account payments have failed or your spending limit " ..
                        "needs to be increased. Please check the 'Billing & plans' section in your settings",
                },
                rejects = { "The job was started" },
            },
        },
        {
            id = "terraform.state_lock", title = "Terraform's state is locked",
            match = [[Error acquiring the state lock]],
            class = "flaky", severity = "error", priority = 90,
            cause = "Another run holds the lock, or one was killed and left it. \"Lock Info\" below says who and " ..
                "since when.",
            fix = "Let the other finish and give the workflow a `concurrency` group. Only if nobody works with " ..
                "it, `terraform force-unlock ID`.",
            commands = { "terraform force-unlock LOCK_ID" },
            docs = { "https://developer.hashicorp.com/terraform/language/state/locking" },
            examples = {
                matches = { "│ Error: Error acquiring the state lock" },
                rejects = { "Acquiring state lock. This may take a few moments..." },
            },
        },
        {
            id = "kubernetes.no_config", title = "kubectl has no cluster",
            match = [[The connection to the server (?<server>\S+) was refused - did you specify the right host ]] ..
                [[or port|Kubernetes cluster unreachable: |error: You must be logged in to the server]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "kubectl or helm runs without a kubeconfig (it then tries localhost:8080), or the cluster or " ..
                "credentials are gone.",
            fix = "Write the kubeconfig in this job (azure/k8s-set-context, aws eks update-kubeconfig …) before " ..
                "this step.",
            commands = { "kubectl config current-context" },
            docs = { "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/" },
            examples = {
                matches = {
                    "The connection to the server localhost:8080 was refused - did you specify the right host or " ..
                        "port?",
                    "Error: Kubernetes cluster unreachable: Get \"http://localhost:8080/version\": dial tcp " ..
                        "[::1]:8080: connect: connection refused",
                },
                rejects = { "Kubernetes control plane is running at https://1.2.3.4" },
            },
        },
    },
}
