-- Kubernetes: what its API server and kubectl say when they refuse something or wait in vain.

return {
    about = "Kubernetes: refused objects, missing rights, pods that do not become ready",
    entries = {
        {
            id = "kubernetes.invalid_object", title = "The API server refuses {object}: {field} is not valid",
            match = [[\b(?<object>[A-Z]\w{1,60}(?:\.[a-z][a-z0-9.-]{0,90})? "[^"\s]{1,253}") is invalid: (?:\* )?]]
                .. [[(?<field>[\w.\[\]"/-]{1,200}): (?<why>Required value|Invalid value|Unsupported value|Forbidden]]
                .. [[|Duplicate value|Too long|Too many)]],
            class = "code bug", severity = "error", priority = 90,
            cause = "The object was read and does not keep the rules of its kind: {why}.",
            fix = "Correct `{field}` in the manifest, or in the values of the chart that make it. Fields that cannot "
                .. "be changed (selectors, `clusterIP`, a job's template) ask for a new object.",
            commands = { "kubectl apply --dry-run=server -f FILE" },
            docs = { "https://kubernetes.io/docs/reference/using-api/api-concepts/" },
            examples = {
                matches = {
                    'The Deployment "web" is invalid: spec.template.spec.containers[0].image: Required value',
                    'Error: UPGRADE FAILED: Service "api" is invalid: spec.clusterIP: Invalid value: "": field is '
                        .. "immutable",
                    'The Job "migrate" is invalid: spec.template: Invalid value: core.PodTemplateSpec{}: field is '
                        .. "immutable",
                },
                rejects = { 'The value "web" is invalid: Required', "deployment.apps/web configured" },
            },
        },
        {
            id = "kubernetes.unknown_field", title = "A manifest has a field that its kind does not know",
            match = [[error validating data: (?:\[?ValidationError\([^)]{1,200}\): )?(?:unknown field|missing required]]
                .. [[ field|invalid type)|strict decoding error: unknown field "(?<field>[^"]{1,200})"]],
            class = "code bug", severity = "error", priority = 90,
            cause = "A field is misspelt, in the wrong place, of the wrong type, or of another version of the API.",
            fix = "The message names field and kind: compare with what the API has.",
            commands = { "kubectl explain KIND.spec --api-version GROUP/VERSION" },
            docs = { "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_explain/" },
            examples = {
                matches = {
                    'error: error validating "deploy.yaml": error validating data: ValidationError(Deployment.spec): '
                        .. 'unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec',
                    'Error from server (BadRequest): error when creating "a.yaml": Deployment in version "v1" cannot '
                        .. 'be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
                },
                rejects = { "error validating token", 'unknown field "replica"' },
            },
        },
        {
            id = "kubernetes.no_kind", title = "The cluster has no {kind} of {version}",
            match = [[no matches for kind "(?<kind>[^"]{1,100})" in version "(?<version>[^"]{1,200})"]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The custom resource definition is not installed (yet), or this version of the API was removed "
                .. "from the cluster's version of Kubernetes.",
            fix = "Install the definition before what uses it and wait until it is established, or move the manifest "
                .. "to a version that the cluster serves.",
            commands = { "kubectl api-resources", "kubectl wait --for=condition=Established crd/NAME" },
            docs = { "https://kubernetes.io/docs/reference/using-api/deprecation-guide/" },
            examples = {
                matches = {
                    'error: resource mapping not found for name: "x" namespace: "" from "crd.yaml": no matches for '
                        .. 'kind "ServiceMonitor" in version "monitoring.coreos.com/v1"',
                    'unable to recognize "a.yaml": no matches for kind "Ingress" in version "extensions/v1beta1"',
                },
                rejects = { "no matches for kind of work" },
            },
        },
        {
            id = "kubernetes.forbidden", title = "{user} may not {verb} {resource}",
            match = [[is forbidden: User "(?<user>[^"]{1,253})" cannot (?<verb>\w+) resource]]
                .. [[ "(?<resource>[^"]{1,100})"]],
            class = "permission", severity = "error", priority = 92,
            cause = "No role that is bound to the job's account allows it in that namespace.",
            fix = "Bind a role with this verb and resource to the account (a RoleBinding in the namespace; a "
                .. "ClusterRoleBinding for what has none), or use the account that is meant to deploy.",
            commands = { "kubectl auth can-i --list --as USER --namespace NAMESPACE" },
            docs = { "https://kubernetes.io/docs/reference/access-authn-authz/rbac/" },
            examples = {
                matches = {
                    'Error from server (Forbidden): deployments.apps "web" is forbidden: User '
                        .. '"system:serviceaccount:ci:deployer" cannot patch resource "deployments" in API group '
                        .. '"apps" in the namespace "prod"',
                },
                rejects = { "Error: 403 Forbidden", 'pods "web" is forbidden: exceeded quota: compute' },
            },
        },
        {
            id = "kubernetes.quota", title = "A quota of the namespace is used up",
            match = [[is forbidden: exceeded quota: (?<quota>[\w.-]{1,253})]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "With what was asked for, the namespace would have more than `{quota}` allows; the message says of "
                .. "what, how much is used and where the limit is.",
            fix = "Delete what earlier runs left behind, ask for less, or raise the quota.",
            commands = { "kubectl describe quota --namespace NAMESPACE" },
            docs = { "https://kubernetes.io/docs/concepts/policy/resource-quotas/" },
            examples = {
                matches = {
                    'Error from server (Forbidden): pods "web" is forbidden: exceeded quota: compute, requested: '
                        .. "limits.cpu=2, used: limits.cpu=9, limited: limits.cpu=10",
                },
                rejects = { "403: exceeded quota" },
            },
        },
        {
            id = "kubernetes.not_ready", title = "What was deployed did not become ready in time",
            match = [[error: (?:deployment|statefulset|daemonset)[\w./]* "[^"]{1,253}" exceeded its progress deadline]]
                .. [[|error: timed out waiting for the condition(?: on \S|$)]],
            class = "infrastructure", severity = "error", priority = 80,
            cause = "kubectl waited for pods that never became ready: an image that cannot be pulled, a failing probe, "
                .. "a crash, no free node. The reason is in the cluster, not in this log.",
            fix = "Look at the events and logs of the pods that are not ready, and let the job print them when it "
                .. "fails. A longer timeout helps only where the pods become ready later.",
            commands = { "kubectl describe pods --namespace NAMESPACE", "kubectl logs --previous POD" },
            docs = { "https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/" },
            examples = {
                matches = {
                    'error: deployment "web" exceeded its progress deadline',
                    "error: timed out waiting for the condition on deployments/web",
                    "error: timed out waiting for the condition",
                },
                rejects = { "Error: UPGRADE FAILED: timed out waiting for the condition" },
            },
        },
        {
            id = "kubernetes.image_pull", title = "A pod cannot pull its image",
            match = [[\b(?:ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName)\b]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "The image or its tag does not exist, the registry wants credentials that the namespace does not "
                .. "have, or a local image was not loaded into the cluster (kind, minikube).",
            fix = "Check the name and tag, the `imagePullSecrets`, and in a cluster made for tests that the image was "
                .. "loaded into it.",
            commands = { "kubectl describe pod POD", "kind load docker-image IMAGE" },
            docs = { "https://kubernetes.io/docs/concepts/containers/images/" },
            examples = {
                matches = {
                    "web-6d4cf56db6-abcde   0/1     ImagePullBackOff   0          2m",
                    "  Warning  Failed     5s    kubelet  Error: ErrImagePull",
                },
                rejects = { "imagePullPolicy: Always" },
            },
        },
        {
            id = "kubernetes.crash_loop", title = "A container of a pod crashes again and again",
            match = [[\b(?:CrashLoopBackOff|back-off \S+ restarting failed container)\b]],
            class = "code bug", severity = "error", priority = 78,
            cause = "The container starts, ends with an error and is started again, ever more slowly. Why is in its "
                .. "own log: a missing setting, a service that it cannot reach, too little memory (OOMKilled).",
            fix = "Read the log of the run before, and how it ended (`kubectl describe pod`).",
            commands = { "kubectl logs --previous POD", "kubectl describe pod POD" },
            docs = { "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts" },
            examples = {
                matches = {
                    "web-6d4cf56db6-abcde   0/1     CrashLoopBackOff   6          7m",
                    "Back-off: back-off 5m0s restarting failed container=app pod=web_default",
                },
                rejects = { "restartPolicy: OnFailure" },
            },
        },
    },
}
