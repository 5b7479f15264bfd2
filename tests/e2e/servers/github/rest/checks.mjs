// Check runs and their annotations, at most 50 in a request: more are sent by further updates, and add up.
import { iso } from "../store/issues.mjs";
import { nodeId } from "./bodies.mjs";
import { noCommit } from "./commits.mjs";
import { counted, created, failure, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

const web = "https://github.com";
const mostAnnotations = 50;

function checkBody({ origin, repository }, check) {
    const { annotations, output, actions: _, images: __, ...rest } = check;
    const url = `${origin}/repos/${repository.name}/check-runs/${check.id}`;
    return {
        ...skeleton("check-run"),
        ...rest,
        node_id: nodeId("CR", check.id),
        url,
        html_url: `${web}/${repository.name}/runs/${check.id}`,
        pull_requests: [],
        output: {
            title: output?.title ?? null,
            summary: output?.summary ?? null,
            text: output?.text ?? null,
            annotations_count: annotations.length,
            annotations_url: `${url}/annotations`,
        },
    };
}

function refusal({ output }) {
    const count = output?.annotations?.length ?? 0;
    if (count <= mostAnnotations) return null;
    return failure(
        422,
        `Invalid request.\n\nNo more than ${mostAnnotations} items are allowed; ${count} were supplied.`,
    );
}

// What a body asks for, laid over what is kept.
function lay(check, { output, ...rest }) {
    const { annotations = [], ...texts } = output ?? {};
    Object.assign(check, rest);
    if (output) check.output = { ...check.output, ...texts };
    check.annotations.push(...annotations);
    if (rest.conclusion) Object.assign(check, { status: "completed", completed_at: check.completed_at ?? iso() });
}

function create(call) {
    const { repository, body } = call;
    const commit = repository.history.resolve(body.head_sha);
    if (!commit) return noCommit(body.head_sha);
    const refused = refusal(body);
    if (refused) return refused;
    const check = {
        id: repository.store.nextId(),
        status: "queued",
        conclusion: null,
        started_at: iso(),
        completed_at: null,
        annotations: [],
    };
    lay(check, body);
    repository.checks.set(check.id, check);
    return created(checkBody(call, check));
}

const withCheck = (handle) => (call) => {
    const found = call.repository.checks.get(call.params.check_run_id);
    return found ? handle(call, found) : notFound();
};

function update(call, check) {
    const refused = refusal(call.body);
    if (refused) return refused;
    lay(check, call.body);
    return ok(checkBody(call, check));
}

function list(call) {
    const { repository, params, query } = call;
    const commit = repository.history.resolve(params.ref);
    if (!commit) return noCommit(params.ref);
    const found = [...repository.checks.values()].filter(
        (check) =>
            check.head_sha === commit.sha &&
            (!query.check_name || check.name === query.check_name) &&
            (!query.status || check.status === query.status),
    );
    return page(call, found, (check) => checkBody(call, check), counted("check_runs"));
}

const annotationBody =
    ({ origin, repository }, check) =>
    (annotation) => ({
        ...skeleton("check-annotation"),
        ...annotation,
        blob_href: `${origin}/repos/${repository.name}/git/blobs/${check.head_sha}`,
    });

export const checks = {
    "checks/create": create,
    "checks/update": withCheck(update),
    "checks/get": withCheck((call, check) => ok(checkBody(call, check))),
    "checks/list-for-ref": list,
    "checks/list-annotations": withCheck((call, check) => page(call, check.annotations, annotationBody(call, check))),
};
