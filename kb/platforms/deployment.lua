-- Deployment: Helm, Terraform, Ansible, and the gate of Sonar.

return {
    about = "deployment: Helm, Terraform, Ansible, Sonar",
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
                .. [[ (?:provider registry \S+ does not have a provider named|no available releases)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "The provider is not in the registry under that name. Without a source in `required_providers` "
                .. "Terraform takes it to be `hashicorp/…`.",
            fix = "Name the source in `required_providers`, in each module that uses the provider.",
            docs = { "https://developer.hashicorp.com/terraform/language/providers/requirements" },
            examples = {
                matches = {
                    "Could not retrieve the list of available versions for provider hashicorp/docker: "
                        .. "provider registry registry.terraform.io does not have a provider named "
                        .. "registry.terraform.io/hashicorp/docker",
                },
                rejects = {
                    "- Finding latest version of hashicorp/docker...",
                    "│ Could not retrieve the list of available versions for provider hashicorp/azurerm: could not "
                        .. "connect to",
                },
            },
        },
        {
            id = "terraform.registry_unreachable", title = "Terraform cannot reach the registry of {provider}",
            match = [[(?:Could not retrieve the list of available versions for provider (?<provider>\S+): could not]]
                .. [[ (?:connect to|query provider)|Error while installing (?<installing>\S+) v\S+ could not query]]
                .. [[ provider registry)]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "The registry, or the place that it names for the download, did not answer as it should. The rest "
                .. "of the message says how: no connection, a status of HTTP, a release that is gone.",
            fix = "Run the job again. If it stays, check the proxy, or that this version of the provider still exists; "
                .. "a mirror or `TF_PLUGIN_CACHE_DIR` in the job's cache makes runs depend less on the registry.",
            docs = { "https://developer.hashicorp.com/terraform/cli/config/config-file" },
            examples = {
                matches = {
                    "│ Could not retrieve the list of available versions for provider hashicorp/azurerm: could not "
                        .. "connect to registry.terraform.io: failed to request discovery document",
                    "Error while installing fastly/fastly v5.7.0: could not query provider registry for "
                        .. "registry.terraform.io/fastly/fastly: failed to retrieve authentication checksums",
                },
                rejects = {
                    "Could not retrieve the list of available versions for provider hashicorp/docker: provider "
                        .. "registry registry.terraform.io does not have a provider named "
                        .. "registry.terraform.io/hashicorp/docker",
                    "- Installing fastly/fastly v5.7.0...",
                },
            },
        },
        {
            id = "terraform.shared_cache", title = "Terraform's cache of providers does not fit the lock file",
            match = [[Error: Failed to install provider from shared cache]],
            class = "cache corruption", severity = "error", priority = 88,
            cause = "The copy of the provider in the shared cache has a checksum that `.terraform.lock.hcl` does not "
                .. "have: it was made for another platform, is damaged, or two runs wrote it at the same time.",
            fix = "Delete the provider from the cache, and do not let several runs of Terraform share "
                .. "`TF_PLUGIN_CACHE_DIR`. If only this platform is missing in the lock file, record it.",
            commands = { "terraform providers lock -platform=linux_amd64 -platform=darwin_arm64" },
            docs = { "https://developer.hashicorp.com/terraform/cli/config/config-file" },
            examples = {
                matches = { "│ Error: Failed to install provider from shared cache" },
                rejects = { "- Using hashicorp/aws v5.31.0 from the shared cache directory" },
            },
        },
        {
            id = "ansible.task_failed", title = "An Ansible task failed on {host}",
            match = [=[^fatal: \[(?<host>[^\]]{1,253})\]: (?:FAILED! => |UNREACHABLE! => )\{.{0,8000}?]=]
                .. [["msg": "(?<message>[^"]{3,300})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "Ansible says: {message}",
            fix = "Correct the task that stands above (`TASK [...]`), or what it found on the host. What is "
                .. "unreachable is a matter of the address, the user and the key.",
            commands = { "ansible-playbook --limit HOST --start-at-task TASK -vvv PLAYBOOK" },
            docs = { "https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_error_handling.html" },
            examples = {
                matches = {
                    'fatal: [web1]: FAILED! => {"changed": false, "msg": "No package matching nginxx is available"}',
                    'fatal: [web1]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: '
                        .. 'Permission denied (publickey).", "unreachable": true}',
                },
                rejects = { "fatal: [web1]: FAILED!", "fatal: not a git repository", "...ignoring" },
            },
        },
        {
            id = "sonar.quality_gate", title = "The quality gate of Sonar did not pass",
            match = [[QUALITY GATE STATUS: FAILED|Quality Gate has FAILED]],
            class = "code bug", severity = "error", priority = 86,
            cause = "The analysis worked; what it found in the new code is beyond a condition of the gate (coverage, "
                .. "duplication, issues, unreviewed hotspots). Which one is on the page that the line names.",
            fix = "Open the page and correct what fails; the gate itself is a setting of the project.",
            docs = { "https://docs.sonarsource.com/sonarqube-server/latest/quality-standards-administration/" },
            examples = {
                matches = {
                    "ERROR: QUALITY GATE STATUS: FAILED - View details on https://sonarcloud.io/dashboard?id=x",
                },
                rejects = { "INFO: QUALITY GATE STATUS: PASSED" },
            },
        },
    },
}
