-- Deployment: Helm, Terraform, identities of cloud providers.

return {
    about = "deployment: Helm, Terraform, identities of cloud providers",
    entries = {
        {
            id = "helm.name_in_use", title = "A Helm release of this name is there already",
            match = [[INSTALLATION FAILED: cannot re-use a name that is still in use]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "The namespace has a release of this name, from an earlier run or by another job; `helm install` "
                .. "only makes new ones. A release whose first install failed counts too.",
            fix = "Use `helm upgrade --install`, which does either. In test clusters, uninstall the release at the end "
                .. "of the job, also when it fails.",
            commands = { "helm list --all --namespace NAMESPACE", "helm upgrade --install RELEASE CHART" },
            docs = { "https://helm.sh/docs/helm/helm_upgrade/" },
            examples = {
                matches = { "Error: INSTALLATION FAILED: cannot re-use a name that is still in use" },
                rejects = { "Error: INSTALLATION FAILED: chart requires kubeVersion: >=1.29" },
            },
        },
        {
            id = "helm.operation_in_progress", title = "A Helm release is still marked as being changed",
            match = [[another operation \(install/upgrade/rollback\) is in progress]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "An earlier install or upgrade of the release was cut off, or still runs: its newest "
                .. "revision is pending, and Helm changes nothing until that is settled.",
            fix = "Make sure that no other job deploys the release, then roll back to the last "
                .. "deployed revision. Let deploy jobs of one environment wait for each other "
                .. "(`concurrency`), and do not cancel them midway.",
            commands = {
                "helm history RELEASE --namespace NAMESPACE",
                "helm rollback RELEASE REVISION --namespace NAMESPACE",
            },
            docs = { "https://helm.sh/docs/helm/helm_rollback/" },
            examples = {
                matches = {
                    "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
                },
                rejects = {
                    "helm upgrade: operation finished",
                    "another operation is in progress",
                },
            },
        },
        {
            id = "helm.timed_out", title = "What Helm deployed did not become ready in time",
            match = [[(?:(?:UPGRADE|INSTALLATION) FAILED|release \S+ failed)[^\n]{0,200}: (?:timed out]]
                .. [[ waiting for the condition|context deadline exceeded)]],
            class = "infrastructure", severity = "error", priority = 82,
            cause = "Helm waited for pods, jobs or hooks of the release that never became ready: an "
                .. "image that cannot be pulled, a failing probe, no free node. The reason is in the "
                .. "cluster, not in this log.",
            fix = "Look at the events and logs of the pods that are not ready; correct those. A longer "
                .. "`--timeout` helps only where the pods become ready later.",
            commands = {
                "kubectl get events --namespace NAMESPACE --sort-by .lastTimestamp",
                "kubectl describe pods --namespace NAMESPACE",
            },
            docs = { "https://helm.sh/docs/helm/helm_upgrade/" },
            examples = {
                matches = {
                    "Error: UPGRADE FAILED: timed out waiting for the condition",
                    "Error: INSTALLATION FAILED: failed post-install: timed out waiting for the condition",
                },
                rejects = {
                    "error: timed out waiting for the condition on deployments/web",
                },
            },
        },
        {
            id = "helm.template_error", title = "A Helm chart cannot be rendered",
            match = [[(?:Error: |FAILED: |\[ERROR\] )?(?:template: ]]
                .. [[|parse error at \()(?<place>\S+\.(?:ya?ml|tpl]]
                .. [[|txt):\d+(?::\d+)?)\)?: (?<message>.{5,300})]],
            class = "code bug", severity = "error", priority = 86,
            cause = "The chart has a template that fails with these values: a value is missing or of "
                .. "another type, or the template is malformed.",
            fix = "Correct the template or give the value at {place}; `helm template --debug` shows "
                .. "what was rendered until then.",
            commands = {
                "helm template CHART --debug",
                "helm lint CHART",
            },
            docs = { "https://helm.sh/docs/chart_template_guide/debugging/" },
            examples = {
                matches = {
                    "Error: UPGRADE FAILED: template: web/templates/deployment.yaml:12:20: executing "
                        .. "\"web/templates/deployment.yaml\" at <.Values.image.tag>: nil pointer evaluating "
                        .. "interface {}.tag",
                    "Error: parse error at (web/templates/service.yaml:7): unexpected \"}\" in operand",
                },
                rejects = {
                    "template: rendered 12 files",
                    "parse error at line 3",
                },
            },
        },
        {
            id = "helm.chart_missing", title = "Helm cannot find the chart",
            match = [[Error: (?:INSTALLATION FAILED: |UPGRADE FAILED: )?(?:chart "(?<chart>[^"]+)"]]
                .. [[ (?:matching \S+ |version "[^"]+" )?not found in (?<repository>\S+)]]
                .. [[|repo (?<name>\S+) not found|found in Chart\.yaml, but missing in charts/]]
                .. [[ directory: (?<missing>.+)|An error occurred while checking for chart dependencies)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "The repository was not added or updated in this job, it has no such version, or the "
                .. "dependencies of the chart were not fetched.",
            fix = "Run `helm repo add` and `helm repo update` before it, and `helm dependency build` "
                .. "where the chart has dependencies. OCI charts are named `oci://…` and need no "
                .. "repository.",
            commands = {
                "helm repo update",
                "helm dependency build CHART",
            },
            docs = { "https://helm.sh/docs/helm/helm_dependency_build/" },
            examples = {
                matches = {
                    "Error: repo bitnami not found",
                    "Error: INSTALLATION FAILED: chart \"web\" matching 1.2.x not found in stable index. "
                        .. "(try 'helm repo update'): no chart version found",
                    "Error: found in Chart.yaml, but missing in charts/ directory: postgresql",
                },
                rejects = {
                    "Error: release: not found",
                    "repo cloned",
                },
            },
        },
        {
            id = "helm.ownership", title = "The cluster has that resource already, and not from this release",
            match = [[(?:rendered manifests contain a resource that already exists]]
                .. [[|invalid ownership metadata)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "A resource of the same name was made by hand, by another release or by `kubectl "
                .. "apply`; Helm takes over nothing that lacks its labels and annotations.",
            fix = "Delete the resource, or label it as part of this release (the message names label "
                .. "and annotations), or give one of the two another name.",
            docs = { "https://helm.sh/docs/topics/advanced/" },
            examples = {
                matches = {
                    "Error: INSTALLATION FAILED: Unable to continue with install: ServiceAccount \"web\" "
                        .. "in namespace \"shop\" exists and cannot be imported into the current release: "
                        .. "invalid ownership metadata; label validation error",
                },
                rejects = {
                    "owner: web",
                },
            },
        },
        {
            id = "terraform.provider_checksum",
            title = "The lock file of Terraform knows no checksum for this platform",
            match = [[(?:the local package for (?<provider>\S+) \S+ doesn\'t match any of the checksums]]
                .. [[ previously recorded|the cached package for (?<cached>\S+) \S+(?: \(in \S+\))? does not]]
                .. [[ match any of the checksums recorded|there is no package for (?<absent>\S+) \S+]]
                .. [[ cached in)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "`.terraform.lock.hcl` was written on another platform, or the provider was "
                .. "replaced: what was installed has none of the recorded checksums.",
            fix = "Record the checksums of all platforms that run Terraform, and commit the lock file. "
                .. "If nothing about providers was changed on purpose, find out why the package differs "
                .. "before that.",
            commands = { "terraform providers lock -platform=linux_amd64 -platform=darwin_arm64" },
            docs = { "https://developer.hashicorp.com/terraform/language/files/dependency-lock" },
            examples = {
                matches = {
                    "the local package for registry.terraform.io/hashicorp/aws 5.31.0 doesn't match any "
                        .. "of the checksums previously recorded in the dependency lock file",
                },
                rejects = {
                    "- Installed hashicorp/aws v5.31.0 (signed by HashiCorp)",
                },
            },
        },
        {
            id = "terraform.lock_inconsistent", title = "The lock file of Terraform does not fit the configuration",
            match = [[Inconsistent dependency lock file|provider (?<provider>\S+): required by this]]
                .. [[ configuration but no version is selected]]
                .. [[|locked provider (?<locked>\S+) \S+ does not match configured version constraint]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The configuration asks for a provider or version that `.terraform.lock.hcl` does "
                .. "not select: the lock file was not updated or not committed, or `terraform init` did "
                .. "not run here.",
            fix = "Run `terraform init` (with `-upgrade` for a new version constraint), and commit the "
                .. "lock file.",
            commands = { "terraform init -upgrade" },
            docs = { "https://developer.hashicorp.com/terraform/language/files/dependency-lock" },
            examples = {
                matches = {
                    "Error: Inconsistent dependency lock file",
                    "  - provider registry.terraform.io/hashicorp/random: required by this configuration "
                        .. "but no version is selected",
                    "locked provider registry.terraform.io/hashicorp/aws 4.67.0 does not match "
                        .. "configured version constraint ~> 5.0",
                },
                rejects = {
                    "Terraform has created a lock file .terraform.lock.hcl to record the provider "
                        .. "selections",
                },
            },
        },
        {
            id = "terraform.no_provider", title = "Terraform finds no such provider",
            match = [[Could not retrieve the list of available versions for provider (?<provider>\S+):]]
                .. [[ (?<why>.{5,200})]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The provider is not in the registry under that name (a missing `required_providers` "
                .. "source makes it `hashicorp/…`), or the registry could not be reached.",
            fix = "Name the source in `required_providers`, in each module that uses the provider. If "
                .. "the rest of the line speaks of the network, run the job again.",
            docs = { "https://developer.hashicorp.com/terraform/language/providers/requirements" },
            examples = {
                matches = {
                    "Could not retrieve the list of available versions for provider hashicorp/docker: "
                        .. "provider registry registry.terraform.io does not have a provider named "
                        .. "registry.terraform.io/hashicorp/docker",
                },
                rejects = {
                    "- Finding latest version of hashicorp/docker...",
                },
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
