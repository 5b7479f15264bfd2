// Workflows, their runs and jobs.
import { iso } from "../store/issues.mjs";
import { nodeId, repositoryBody, userBody } from "./bodies.mjs";
import { accepted, counted, created, described, failure, noContent, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

const web = "https://github.com";
const empty = () => ({ status: 201, body: {} });

function workflowBody({ origin, repository }, { id, name, path, state }) {
    const file = path.split("/").pop();
    return {
        ...skeleton("workflow"),
        id,
        node_id: nodeId("W", id),
        name,
        path,
        state,
        url: `${origin}/repos/${repository.name}/actions/workflows/${id}`,
        html_url: `${web}/${repository.name}/blob/main/${path}`,
        badge_url: `${web}/${repository.name}/actions/workflows/${file}/badge.svg`,
    };
}

function runBody({ origin, repository }, run, attempt = run.attempts.length) {
    const { status, conclusion } = attempt === run.attempts.length ? run : run.attempts[attempt - 1];
    const actor = userBody(origin, run.actor),
        minimal = repositoryBody(origin, repository);
    const url = `${origin}/repos/${repository.name}/actions/runs/${run.id}`;
    const part = (name) => [`${name}_url`, `${url}/${name.replaceAll("_", "/")}`];
    return {
        ...skeleton("workflow-run"),
        ...Object.fromEntries(["jobs", "logs", "artifacts", "cancel", "rerun"].map(part)),
        id: run.id,
        node_id: nodeId("WFR", run.id),
        name: run.name,
        display_title: run.title ?? run.name,
        event: run.event,
        status,
        conclusion,
        actor,
        triggering_actor: actor,
        head_branch: run.branch,
        head_sha: run.head_sha,
        path: run.workflow.path,
        workflow_id: run.workflow.id,
        workflow_url: `${origin}/repos/${repository.name}/actions/workflows/${run.workflow.id}`,
        run_number: run.run_number,
        run_attempt: attempt,
        created_at: run.created_at,
        run_started_at: run.run_started_at ?? run.created_at,
        updated_at: run.updated_at,
        url,
        html_url: `${web}/${repository.name}/actions/runs/${run.id}`,
        pull_requests: [],
        previous_attempt_url: attempt > 1 ? `${url}/attempts/${attempt - 1}` : null,
        repository: minimal,
        head_repository: minimal,
    };
}

function jobBody({ origin, repository }, job) {
    const url = `${origin}/repos/${repository.name}/actions`;
    const steps = job.steps.map((step, i) => ({
        number: i + 1,
        status: "completed",
        conclusion: job.conclusion,
        started_at: job.started_at,
        completed_at: job.completed_at,
        ...step,
    }));
    return {
        ...skeleton("job"),
        id: job.id,
        node_id: nodeId("CR", job.id),
        run_id: job.run.id,
        run_url: `${url}/runs/${job.run.id}`,
        run_attempt: job.attempt,
        head_sha: job.run.head_sha,
        head_branch: job.run.branch,
        workflow_name: job.run.name,
        name: job.name,
        status: job.status,
        conclusion: job.conclusion,
        created_at: job.created_at ?? job.started_at,
        started_at: job.started_at,
        completed_at: job.completed_at,
        steps,
        labels: job.labels,
        url: `${url}/jobs/${job.id}`,
        html_url: `${web}/${repository.name}/actions/runs/${job.run.id}/job/${job.id}`,
        check_run_url: `${origin}/repos/${repository.name}/check-runs/${job.id}`,
    };
}

const compared = { ">": (a, b) => a > b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, "<=": (a, b) => a <= b };

// A day, or two with ".." between them and "*" for any, or one after ">", ">=", "<" or "<=".
function isWithin(time, range) {
    const at = Date.parse(time);
    const [, sign, moment] = /^([<>]=?)(.+)$/.exec(range) ?? [];
    if (sign) return compared[sign](at, Date.parse(moment));
    const [from, to = from] = range.split("..");
    const end = /^\d{4}-\d\d-\d\d$/.test(to) ? Date.parse(to) + 86_399_999 : Date.parse(to);
    return (from === "*" || at >= Date.parse(from)) && (to === "*" || at <= end);
}

const filters = {
    actor: (run, wanted) => run.actor === wanted,
    branch: (run, wanted) => run.branch === wanted,
    event: (run, wanted) => run.event === wanted,
    status: (run, wanted) => run.status === wanted || run.conclusion === wanted,
    created: (run, wanted) => isWithin(run.created_at, wanted),
    head_sha: (run, wanted) => run.head_sha === wanted,
};

function listRuns(call, runs) {
    const asked = Object.entries(filters).filter(([name]) => call.query[name] !== undefined);
    const found = runs.filter((run) => asked.every(([name, fits]) => fits(run, call.query[name]))).reverse();
    return page(call, found, (run) => runBody(call, run), counted("workflow_runs"));
}

const within = (collection, name, handle) => (call) => {
    const found = call.repository.actions[collection].get(call.params[name]);
    return found ? handle(call, found) : notFound();
};
export const withRun = (handle) => within("runs", "run_id", handle);
export const withJob = (handle) => within("jobs", "job_id", handle);
export const withAttempt = (handle) =>
    withRun((call, run) => {
        const attempt = run.attempts[call.params.attempt_number - 1];
        return attempt ? handle(call, run, attempt) : notFound();
    });

const withWorkflow = (handle) => (call) => {
    const found = call.repository.actions.workflow(call.params.workflow_id);
    return found ? handle(call, found) : notFound();
};

const listJobs = (call, jobs) => page(call, jobs, (job) => jobBody(call, job), counted("jobs"));

function jobsOf(run, filter = "latest") {
    return filter === "all" ? run.attempts.flatMap((attempt) => attempt.jobs) : run.attempts.at(-1).jobs;
}

function dispatch({ repository, body, login, origin }, workflow) {
    if (!repository.history.resolve(body.ref)) return failure(422, `No ref found for: ${body.ref}`);
    const id = repository.actions.dispatch(workflow, body, login);
    if (!body.return_run_details) return noContent();
    const url = `${origin}/repos/${repository.name}/actions/runs/${id}`;
    return ok({ workflow_run_id: id, run_url: url, html_url: `${web}/${repository.name}/actions/runs/${id}` });
}

function rerun(chosen) {
    return withRun(({ repository }, run) => {
        if (run.status !== "completed") return failure(403, "This workflow is already running");
        repository.actions.rerun(run, chosen);
        return empty();
    });
}

function rerunJob({ repository }, job) {
    if (job.run.status !== "completed") return failure(403, "This workflow is already running");
    repository.actions.rerun(job.run, (each) => each.name === job.name);
    return empty();
}

// A run waits for environments: { pending: [ name ], approvals: [ … ] }.
function pendingBodies(call, run) {
    return (run.pending ?? []).map((name, i) =>
        described(call, 200, {
            environment: { id: 100 + i, name },
            wait_timer: 0,
            wait_timer_started_at: null,
            current_user_can_approve: true,
            reviewers: [],
        }),
    );
}

function reviewPending(call, run) {
    const { body, login, origin } = call;
    const names = (run.pending ?? []).filter((_, i) => body.environment_ids.includes(100 + i));
    if (names.length === 0) return failure(422, "No pending deployment requests to approve or reject");
    run.pending = run.pending.filter((name) => !names.includes(name));
    run.approvals = [...(run.approvals ?? []), { names, state: body.state, comment: body.comment, login }];
    return ok([described(call, 200, { creator: userBody(origin, login) })]);
}

const approvalBody =
    (call) =>
    ({ names, state, comment, login }) =>
        described(call, 200, {
            environments: names.map((name, i) => ({ id: 100 + i, name })),
            state,
            comment,
            user: userBody(call.origin, login),
        });

function remove({ repository }, run) {
    repository.actions.runs.delete(run.id);
    return noContent();
}

const switchTo = (state) =>
    withWorkflow((_call, workflow) => {
        workflow.state = state;
        return noContent();
    });

function cancel(_call, run) {
    if (run.status === "completed") return failure(409, "Cannot cancel a workflow run that is completed.");
    Object.assign(run, { status: "completed", conclusion: "cancelled", updated_at: iso() });
    return accepted();
}

export const runs = {
    "actions/list-repo-workflows": (call) =>
        page(
            call,
            [...call.repository.actions.workflows.values()],
            (workflow) => workflowBody(call, workflow),
            counted("workflows"),
        ),
    "actions/get-workflow": withWorkflow((call, workflow) => ok(workflowBody(call, workflow))),
    "actions/create-workflow-dispatch": withWorkflow(dispatch),
    "actions/list-workflow-runs": withWorkflow((call, workflow) =>
        listRuns(
            call,
            [...call.repository.actions.runs.values()].filter((run) => run.workflow === workflow),
        ),
    ),
    "actions/list-workflow-runs-for-repo": (call) => listRuns(call, [...call.repository.actions.runs.values()]),
    "actions/get-workflow-run": withRun((call, run) => ok(runBody(call, run))),
    "actions/get-workflow-run-attempt": withAttempt((call, run) => ok(runBody(call, run, call.params.attempt_number))),
    "actions/list-jobs-for-workflow-run": withRun((call, run) => listJobs(call, jobsOf(run, call.query.filter))),
    "actions/list-jobs-for-workflow-run-attempt": withAttempt((call, _run, attempt) => listJobs(call, attempt.jobs)),
    "actions/get-job-for-workflow-run": withJob((call, job) => ok(jobBody(call, job))),
    "actions/re-run-workflow": rerun(() => true),
    "actions/re-run-workflow-failed-jobs": rerun((job) => job.conclusion !== "success"),
    "actions/cancel-workflow-run": withRun(cancel),
    "actions/re-run-job-for-workflow-run": withJob(rerunJob),
    "actions/delete-workflow-run": withRun(remove),
    "actions/approve-workflow-run": withRun(() => created({})),
    "actions/get-pending-deployments-for-run": withRun((call, run) => ok(pendingBodies(call, run))),
    "actions/review-pending-deployments-for-run": withRun(reviewPending),
    "actions/get-reviews-for-run": withRun((call, run) => ok((run.approvals ?? []).map(approvalBody(call)))),
    "actions/enable-workflow": switchTo("active"),
    "actions/disable-workflow": switchTo("disabled_manually"),
};
