-- Cloud providers: identities that they do not know, and rights that a job lacks.

return {
    about = "cloud providers: identities and rights of jobs",
    entries = {
        {
            id = "aws.access_denied", title = "AWS refuses {action} to the role",
            match = [[is not authorized to perform: (?<action>[\w-]{1,64}:\w{1,128})(?! because no session)]],
            class = "permission", severity = "error", priority = 90,
            cause = "The job has credentials; no policy of its role allows this action on that resource, or a policy "
                .. "of the resource, the organisation or a boundary denies it. The end of the message says which.",
            fix = "Allow `{action}` for the resource in a policy of the role. For S3 mind that objects are "
                .. "`arn:aws:s3:::BUCKET/*`, and for encrypted ones that the key has a policy too.",
            commands = { "aws sts get-caller-identity" },
            docs = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html" },
            examples = {
                matches = {
                    "An error occurred (AccessDenied) when calling the PutObject operation: User: "
                        .. "arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: s3:PutObject "
                        .. 'on resource: "arn:aws:s3:::bucket/key" because no identity-based policy allows the action',
                },
                rejects = { "Not authorized to perform sts:AssumeRoleWithWebIdentity", "You are not authorized." },
            },
        },
        {
            id = "aws.oidc_provider_missing", title = "The AWS account does not know GitHub as an identity provider",
            match = [[No OpenIDConnect provider found in your account for (?<provider>https?://\S+)]],
            class = "permission", severity = "error", priority = 94,
            cause = "The role trusts an identity provider that its account does not have: it was never "
                .. "created, has another address (a slash at its end counts), or the role is of another "
                .. "account.",
            fix = "Create the provider for {provider} with the audience `sts.amazonaws.com` in the "
                .. "account of the role, and name its ARN in the trust policy.",
            commands = { "aws iam list-open-id-connect-providers" },
            docs = {
                "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployme"
                    .. "nts/oidc-in-aws",
            },
            examples = {
                matches = {
                    "Error: Could not assume role with OIDC: No OpenIDConnect provider found in your "
                        .. "account for https://token.actions.githubusercontent.com",
                },
                rejects = {
                    "Assuming role with OIDC",
                },
            },
        },
        {
            id = "gcp.permission_denied", title = "Google Cloud does not let the account do that",
            match = [[\bPermission '(?<permission>[a-z]\w*(?:\.\w+){2,4})' denied on|PERMISSION_DENIED: The caller]]
                .. [[ does not have permission|does not have (?<access>[a-z]\w*(?:\.\w+){2,4}) access to]],
            class = "permission", severity = "error", priority = 90,
            cause = "The account of the job lacks the permission on that resource, or the resource does not exist: "
                .. "Google Cloud does not tell these apart.",
            fix = "Check project, region and name first; then grant the account a role that has the permission.",
            commands = { "gcloud projects get-iam-policy PROJECT" },
            docs = { "https://cloud.google.com/iam/docs/troubleshoot-policies" },
            examples = {
                matches = {
                    "ERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission 'run.services.get' denied on resource "
                        .. "'namespaces/x/services/y' (or resource may not exist).",
                    "ci@x.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud "
                        .. "Storage object.",
                },
                rejects = { "Permission denied (publickey).", "bash: ./x: Permission denied" },
            },
        },
        {
            id = "gcp.workload_identity", title = "Google Cloud does not accept the identity of the job",
            match = [[(?:failed to generate Google Cloud (?:federated|access) token]]
                .. [[|Unable to acquire impersonated credentials]]
                .. [[|The given credential is rejected by the attribute condition)]],
            class = "permission", severity = "error", priority = 88,
            cause = "The workload identity pool rejects the token: its attribute condition does not "
                .. "admit this repository or branch, the provider is named with the project id instead "
                .. "of its number, or the service account does not let the pool impersonate it.",
            fix = "Compare the condition with the claims of this run, use the full provider name, and "
                .. "grant `roles/iam.workloadIdentityUser` to the principal of the repository. The rest "
                .. "of the line says which of these it is.",
            docs = { "https://github.com/google-github-actions/auth/blob/main/docs/TROUBLESHOOTING.md" },
            examples = {
                matches = {
                    "Error: google-github-actions/auth failed with: failed to generate Google Cloud "
                        .. "federated token for //iam.googleapis.com/projects/1/locations/global/workloadIdentit"
                        .. "yPools/p/providers/g: {\"error\":\"unauthorized_client\",\"error_description\":\"The"
                        .. " given credential is rejected by the attribute condition.\"}",
                },
                rejects = {
                    "Created credentials file at /home/runner/work/shop/gha-creds-1.json",
                },
            },
        },
        {
            id = "cloudflare.authentication", title = "Cloudflare does not accept the API token",
            match = [=[Authentication error \[code: 10000\]|Invalid (?:API Token|access token) \[code: \d{4,5}\]]=],
            class = "permission", severity = "error", priority = 92,
            cause = "The token is wrong or expired, lacks a permission for this call, or belongs to another account "
                .. "than `account_id` names.",
            fix = "Make a token from the template for Workers (or for Pages), limited to the account, and put it into "
                .. "the secret that the job reads as `CLOUDFLARE_API_TOKEN`.",
            commands = { "wrangler whoami" },
            docs = { "https://developers.cloudflare.com/workers/wrangler/ci-cd/" },
            examples = {
                matches = { "  Authentication error [code: 10000]", "  Invalid API Token [code: 1000]" },
                rejects = { "Authentication error", "error code: 10000" },
            },
        },
        {
            id = "azure.federated_credential", title = "Azure knows no federated credential for this run",
            match = [[AADSTS7002[0-9]{2,3}: No matching federated identity record found for presented]]
                .. [[ assertion (?<what>[^\n.]{1,100})]],
            class = "permission", severity = "error", priority = 94,
            cause = "The application has no federated credential whose subject is that of this run: "
                .. "branch, environment, tag and pull request have different subjects.",
            fix = "Add a federated credential with exactly the subject that the message shows, or run "
                .. "the job in the environment that has one.",
            docs = {
                "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-tr"
                    .. "ust",
            },
            examples = {
                matches = {
                    "AADSTS700213: No matching federated identity record found for presented assertion "
                        .. "subject 'repo:o/n:ref:refs/heads/dev'. Check your federated identity credential "
                        .. "Subject",
                },
                rejects = {
                    "Login successful.",
                },
            },
        },
    },
}
