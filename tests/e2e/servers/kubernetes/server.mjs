// A stand-in for the API server of Kubernetes: Jobs, their pods and logs. Every request, and every answer, is held
// against Kubernetes' own OpenAPI (of 1.13, the newest that a package of the registry has whole): paths, parameters, and
// bodies without fields that it does not know. What the container of a Job is to run, it runs.
//
//   node server.mjs
//
// Prints {"port": N, "plain_port": N} on its first line and serves until it is killed. POST /_control { "fates": { NAME: [
// "evicted", … ] } } says what becomes of the next Jobs whose annotation uhost/name is NAME, in place of being run;
// { "faults": [ { "method": "POST", "status": 500, "lost": true } ] } makes the next such request fail, with `lost` after
// it had its effect; from the request on whose body has the text { "unreachable": TEXT }, four others fail. GET /_control gives { violations, jobs, deleted }.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";

const require = createRequire(new URL("../../peers/package.json", import.meta.url));
const Ajv = require("ajv");
const swagger = JSON.parse(
    gunzipSync(readFileSync(require.resolve("kubernetes-client/lib/specs/swagger-1.13.json.gz"))),
);

// Kubernetes refuses fields that it does not know; its description does not say so.
for (const each of Object.values(swagger.definitions)) {
    if (each.properties && !each.additionalProperties) each.additionalProperties = false;
}
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: "k8s", definitions: swagger.definitions });

const world = { jobs: new Map(), pods: new Map(), violations: [], fates: {}, faults: [], deleted: 0 };
const now = () => new Date().toISOString().replace(/\.\d+Z/, "Z");

const violate = (what, kind, problems) => world.violations.push({ ...what, kind, problems });

function check(schema, value, what, kind) {
    const local = JSON.parse(JSON.stringify(schema).replaceAll("#/definitions", "k8s#/definitions"));
    const validate = ajv.compile(local);
    if (validate(value)) return;
    const problems = validate.errors.map((each) => `${each.instancePath} ${each.message} ${JSON.stringify(each.params)}`);
    violate(what, kind, problems);
}

// The operation of a request, and what its path says.
function route(method, path) {
    for (const [template, item] of Object.entries(swagger.paths)) {
        const pattern = new RegExp(`^${template.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
        const match = pattern.exec(path);
        if (match && item[method]) return { template, item, operation: item[method], names: match.groups ?? {} };
    }
    return undefined;
}

function checkQuery({ item, operation }, query, what) {
    const known = [...(item.parameters ?? []), ...(operation.parameters ?? [])].filter((each) => each.in === "query");
    for (const [name, value] of query) {
        const parameter = known.find((each) => each.name === name);
        const fits = parameter && (parameter.type !== "integer" || /^\d+$/.test(value));
        if (!fits) violate(what, "query", [`${name}=${value}`]);
    }
}

const status = (code, reason, message) => [
    code,
    { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code },
];

function selected(items, selector) {
    if (!selector) return [...items];
    const [, label, list, value] = /^([\w./-]+)(?: in \(([^)]*)\)|=(.*))$/.exec(selector) ?? [];
    if (!label) throw new Error(`selector ${selector}`);
    const values = list ? list.split(",") : [value];
    return [...items].filter((each) => values.includes(each.metadata.labels[label]));
}

const condition = (type, reason, message) => ({ type, status: "True", reason, message, lastTransitionTime: now() });
const container = (state) => ({
    name: "job", image: "busybox", imageID: "", ready: false, restartCount: 0, state,
});
const ended = (exitCode, reason) => ({ terminated: { exitCode, reason, startedAt: now(), finishedAt: now() } });

function finish(job, pod, exitCode, reason = exitCode ? "Error" : "Completed") {
    pod.status = { phase: exitCode ? "Failed" : "Succeeded", containerStatuses: [container(ended(exitCode, reason))] };
    job.status = exitCode
        ? { failed: 1, conditions: [condition("Failed", "BackoffLimitExceeded", "Job has reached its limit")] }
        : { succeeded: 1, conditions: [condition("Complete")] };
}

function fail(job, pod, podStatus) {
    pod.status = { phase: "Failed", ...podStatus };
    job.status = { failed: 1, conditions: [condition("Failed", "BackoffLimitExceeded", "Job has reached its limit")] };
}

const waiting = (reason) => (_job, pod) => {
    pod.status = { phase: "Pending", containerStatuses: [container({ waiting: { reason, message: reason } })] };
};

const fates = {
    oom: (job, pod) => finish(job, pod, 137, "OOMKilled"),
    evicted: (job, pod) => fail(job, pod, { reason: "Evicted", message: "The node was low on resource: memory." }),
    preempted: (job, pod) =>
        fail(job, pod, { conditions: [condition("DisruptionTarget", "PreemptionByScheduler", "preempting to accommodate")] }),
    node_lost: (_job, pod) => {
        pod.status = { phase: "Unknown", reason: "NodeLost", message: "Node n1 which was running pod is unresponsive" };
    },
    deadline: (job, pod) => {
        world.pods.delete(pod.metadata.name);
        job.status = { failed: 1, conditions: [condition("Failed", "DeadlineExceeded", "Job was active longer")] };
    },
    pull: waiting("ImagePullBackOff"),
    bad_image: waiting("InvalidImageName"),
    unschedulable: (_job, pod) => {
        pod.status = {
            phase: "Pending",
            conditions: [{ ...condition("PodScheduled", "Unschedulable", "0/3 nodes are available"), status: "False" }],
        };
    },
    run: (job, pod) => {
        const [program, ...rest] = job.spec.template.spec.containers[0].command;
        pod.status = { phase: "Running", containerStatuses: [container({ running: { startedAt: now() } })] };
        const child = execFile(program, rest, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
            pod.log = stdout + stderr;
            if (world.jobs.has(job.metadata.name)) finish(job, pod, error ? (error.code ?? 143) : 0);
        });
        pod.child = child;
    },
};

function createJob({ namespace }, job) {
    const { name, annotations } = job.metadata;
    if (world.jobs.has(name)) return status(409, "AlreadyExists", `jobs.batch "${name}" already exists`);
    const labels = { ...job.spec.template.metadata.labels, "job-name": name };
    const made = { ...job, metadata: { ...job.metadata, namespace, creationTimestamp: now() }, status: {} };
    const pod = {
        metadata: { name: `${name}-x1`, namespace, labels, creationTimestamp: now() },
        spec: { ...job.spec.template.spec, nodeName: "n1" },
    };
    world.jobs.set(name, made);
    world.pods.set(pod.metadata.name, pod);
    fates[world.fates[annotations["uhost/name"]]?.shift() ?? "run"](made, pod);
    return [201, made];
}

function deleteJob({ name }) {
    if (!world.jobs.delete(name)) return status(404, "NotFound", `jobs.batch "${name}" not found`);
    world.deleted++;
    for (const [key, pod] of world.pods) {
        if (pod.metadata.labels["job-name"] === name) {
            pod.child?.kill("SIGKILL");
            world.pods.delete(key);
        }
    }
    return [200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" }];
}

const shown = ({ child: _, log: __, ...pod }) => ({ kind: "Pod", apiVersion: "v1", ...pod });
const list = (kind, apiVersion, items) => [200, { kind, apiVersion, metadata: {}, items }];
const jobs = "/apis/batch/v1/namespaces/{namespace}/jobs";
const pods = "/api/v1/namespaces/{namespace}/pods";
const handlers = {
    [`post ${jobs}`]: (names, _query, body) => createJob(names, body),
    [`get ${jobs}`]: (_names, query) => list("JobList", "batch/v1", selected(world.jobs.values(), query.get("labelSelector"))),
    [`get ${jobs}/{name}`]: ({ name }) =>
        world.jobs.has(name) ? [200, world.jobs.get(name)] : status(404, "NotFound", `jobs.batch "${name}" not found`),
    [`delete ${jobs}/{name}`]: deleteJob,
    [`get ${pods}`]: (_names, query) =>
        list("PodList", "v1", selected(world.pods.values(), query.get("labelSelector")).map(shown)),
    [`get ${pods}/{name}/log`]: ({ name }) => [200, world.pods.get(name)?.log ?? ""],
};

function control(method, body) {
    if (method === "post") Object.assign(world, JSON.parse(body));
    return [200, { violations: world.violations, jobs: [...world.jobs.keys()], deleted: world.deleted }];
}

function serve(request, body) {
    const method = request.method.toLowerCase();
    const url = new URL(request.url, "http://localhost");
    if (url.pathname === "/_control") return control(method, body);
    const what = { method: request.method, path: url.pathname };
    if (request.headers.authorization !== "Bearer verysecretkube") return status(401, "Unauthorized", "Unauthorized");
    const found = route(method, url.pathname);
    const handler = found && handlers[`${method} ${found.template}`];
    if (!handler) {
        violate(what, "path", ["there is no such operation"]);
        return status(404, "NotFound", "the server could not find the requested resource");
    }
    checkQuery(found, url.searchParams, what);
    const json = body ? JSON.parse(body) : undefined;
    const wanted = (found.operation.parameters ?? []).find((each) => each.in === "body");
    if (wanted?.required || (wanted && json)) check(wanted.schema, json, what, "request");
    const answer = handler(found.names, url.searchParams, json);
    const described = found.operation.responses[answer[0]]?.schema;
    if (described && answer[0] < 300) check(described, JSON.parse(JSON.stringify(answer[1])), what, "answer");
    return answer;
}

const server = http.createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
        if (world.unreachable && Buffer.concat(pieces).includes(world.unreachable)) {
            world.unreachable = undefined;
            world.faults.push({ method: "POST", status: 500 }, ...Array(4).fill({ method: "GET", status: 500 }));
        }
        const at = request.url === "/_control" ? -1 : world.faults.findIndex((each) => each.method === request.method);
        const [fault] = at < 0 ? [] : world.faults.splice(at, 1);
        const [code, answer] =
            fault && !fault.lost ? status(fault.status, "InternalError", "etcd is busy") : serve(request, Buffer.concat(pieces).toString());
        if (fault?.lost) return request.socket.destroy();
        const text = typeof answer === "string";
        response.writeHead(code, { "content-type": text ? "text/plain" : "application/json" });
        return response.end(text ? answer : JSON.stringify(answer));
    });
});
server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    console.log(JSON.stringify({ port, plain_port: port }));
});
