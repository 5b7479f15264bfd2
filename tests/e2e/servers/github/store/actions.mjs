// Workflows and what they left: runs with their attempts, jobs with their steps and logs, artifacts, caches.
//
// A workflow is { id, name, path, state, run_name: with "${{ inputs.NAME }}", dispatched: [ { after_ms, artifacts, … of a
// run } ], what becomes of the runs that are dispatched, in their order }. A run is { id, workflow: id or file name, name, event, branch, head_sha,
// status, conclusion, actor, created_at, attempts: [ { jobs, status, conclusion } ] }, or with `jobs` for a single
// attempt. A job is { id, name, status, conclusion, steps: [ { name, status, conclusion } ], log: text | log_bytes:
// size }. An artifact is { id, run, name, files: { path: text }, expired }, a cache { id, key, ref, size_in_bytes }.
// Whoever makes one leaves out what does not matter.
import { iso } from "./issues.mjs";

const completed = { status: "completed", conclusion: "success" };

export class Actions {
    workflows = new Map();
    runs = new Map();
    jobs = new Map();
    artifacts = new Map();
    caches = new Map();
    dispatchDelay = 50; // milliseconds until the run that was asked for is there
    #lastRunNumber = 0;

    constructor(repository) {
        this.repository = repository;
    }

    #nextId() {
        return this.repository.store.nextId();
    }

    apply({ workflows = [], runs = [], artifacts = [], caches = [], dispatch_delay_ms: delay }) {
        if (delay !== undefined) this.dispatchDelay = delay;
        for (const workflow of workflows) this.#addWorkflow(workflow);
        for (const run of runs) this.addRun(run);
        for (const artifact of artifacts) this.#addArtifact(artifact);
        for (const cache of caches) this.#addCache(cache);
    }

    #addWorkflow(workflow) {
        const path = workflow.path ?? `.github/workflows/${this.workflows.size + 1}.yml`;
        const complete = { id: this.#nextId(), name: path, path, state: "active", ...workflow };
        this.workflows.set(complete.id, complete);
        return complete;
    }

    // By number or by the name of its file; null when there is none.
    workflow(reference) {
        const text = String(reference);
        return (
            [...this.workflows.values()].find(
                (each) => String(each.id) === text || each.path.split("/").pop() === text,
            ) ?? null
        );
    }

    addRun({ jobs, attempts, workflow = "ci.yml", ...run }) {
        const now = iso();
        const kept =
            this.workflow(workflow) ?? this.#addWorkflow({ path: `.github/workflows/${workflow}`, name: workflow });
        const complete = {
            id: this.#nextId(),
            workflow: kept,
            name: kept.name,
            event: "push",
            branch: this.repository.defaultBranch,
            head_sha: this.repository.history.tip.sha,
            actor: "tester",
            run_number: ++this.#lastRunNumber,
            ...completed,
            created_at: now,
            updated_at: run.created_at ?? now,
            ...run,
        };
        complete.attempts = [];
        this.runs.set(complete.id, complete);
        for (const attempt of attempts ?? [{ jobs }]) this.#addAttempt(complete, attempt);
        return complete;
    }

    #addAttempt(run, { jobs = [], ...attempt }) {
        const number = run.attempts.length + 1;
        const kept = { status: run.status, conclusion: run.conclusion, ...attempt };
        kept.jobs = jobs.map((job) => this.#addJob(run, number, job));
        run.attempts.push(kept);
    }

    #addJob(run, attempt, job) {
        const complete = {
            id: this.#nextId(),
            name: "build",
            status: run.status,
            conclusion: run.conclusion,
            steps: [],
            log: "",
            labels: ["ubuntu-latest"],
            started_at: run.created_at,
            completed_at: run.updated_at,
            ...job,
            run,
            attempt,
        };
        this.jobs.set(complete.id, complete);
        return complete;
    }

    #addArtifact(artifact) {
        const complete = { id: this.#nextId(), files: {}, expired: false, created_at: iso(), ...artifact };
        this.artifacts.set(complete.id, complete);
    }

    #addCache(cache) {
        const now = iso();
        const complete = {
            id: this.#nextId(),
            ref: `refs/heads/${this.repository.defaultBranch}`,
            version: "1",
            size_in_bytes: 1024,
            created_at: now,
            last_accessed_at: now,
            ...cache,
        };
        this.caches.set(complete.id, complete);
    }

    // The run that a dispatch asks for; in lists after a while, as at GitHub.
    dispatch(workflow, { ref, inputs = {} }, login) {
        const begin = {
            workflow: workflow.id,
            event: "workflow_dispatch",
            branch: ref.replace(/^refs\/(heads|tags)\//, ""),
            actor: login,
            inputs,
            status: "queued",
            conclusion: null,
            head_sha: this.repository.history.resolve(ref).sha,
        };
        const id = this.#nextId();
        const title = workflow.run_name?.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name) => inputs[name] ?? "");
        const end = workflow.dispatched?.shift();
        setTimeout(() => {
            this.addRun({ id, title, ...begin });
            if (end) setTimeout(() => this.#end(id, end), end.after_ms ?? 0).unref();
        }, this.dispatchDelay).unref();
        return id;
    }

    // Of a run that was cancelled meanwhile nothing comes.
    #end(id, { after_ms: _, artifacts = [], ...end }) {
        const { attempts: __, ...run } = this.runs.get(id);
        if (run.status === "completed") return;
        this.addRun({ ...run, ...completed, ...end, workflow: run.workflow.id });
        for (const artifact of artifacts) this.#addArtifact({ run: id, ...artifact });
    }

    // A new attempt with the jobs that `chosen` picks, waiting to run; the others keep how they ended.
    rerun(run, chosen) {
        const waiting = { status: "queued", conclusion: null };
        const jobs = run.attempts
            .at(-1)
            .jobs.map(({ id: _, run: __, attempt: ___, ...job }) =>
                chosen(job) ? { ...job, ...waiting, log: "", completed_at: null } : job,
            );
        Object.assign(run, waiting, { updated_at: iso() });
        this.#addAttempt(run, { jobs, ...waiting });
    }
}
