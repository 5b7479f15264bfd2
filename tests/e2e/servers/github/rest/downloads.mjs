// Logs, artifacts and caches. What is large is fetched from elsewhere, by an address that holds for a while.
import { zip } from "../zip.mjs";
import { nodeId } from "./bodies.mjs";
import { counted, gone, noContent, notFound, ok, page } from "./replies.mjs";
import { withAttempt, withJob, withRun } from "./runs.mjs";

const elsewhere = (location) => ({ status: 302, headers: { location } });
const archive = (blobs, files) => elsewhere(blobs.put({ type: "application/zip", bytes: zip(files) }));

function jobLog({ blobs }, { log, log_bytes: size, log_expired: expired }) {
    if (expired) return gone("Server Error");
    return elsewhere(
        blobs.put({ type: "text/plain", ...(size === undefined ? { bytes: Buffer.from(log) } : { size }) }),
    );
}

function attemptLogs({ blobs }, { jobs }) {
    return archive(blobs, Object.fromEntries(jobs.map((job, i) => [`${i}_${job.name}.txt`, job.log])));
}

// The run that left an artifact.
function originBody({ id }, run) {
    if (!run) return null;
    return { id: run.id, repository_id: id, head_repository_id: id, head_branch: run.branch, head_sha: run.head_sha };
}

function artifactBody({ origin, repository }, { id, run, name, files, expired, created_at: at }) {
    const url = `${origin}/repos/${repository.name}/actions/artifacts/${id}`;
    return {
        id,
        node_id: nodeId("A", id),
        name,
        url,
        archive_download_url: `${url}/zip`,
        expired,
        created_at: at,
        updated_at: at,
        expires_at: at,
        size_in_bytes: Object.values(files).join("").length,
        workflow_run: originBody(repository, repository.actions.runs.get(run)),
    };
}

function listArtifacts(call, fits) {
    const found = [...call.repository.actions.artifacts.values()]
        .filter((each) => fits(each) && (call.query.name === undefined || each.name === call.query.name))
        .reverse();
    return page(call, found, (each) => artifactBody(call, each), counted("artifacts"));
}

const withArtifact = (handle) => (call) => {
    const found = call.repository.actions.artifacts.get(call.params.artifact_id);
    return found ? handle(call, found) : notFound();
};

function downloadArtifact({ blobs }, { expired, files }) {
    return expired ? gone("Artifact has expired") : archive(blobs, files);
}

function cachesBy({ repository }, { key, ref }, isWhole) {
    return [...repository.actions.caches.values()].filter(
        (cache) =>
            (key === undefined || (isWhole ? cache.key === key : cache.key.startsWith(key))) &&
            (ref === undefined || cache.ref === ref),
    );
}

const listCaches = (call) => page(call, cachesBy(call, call.query, false), (cache) => cache, counted("actions_caches"));

function deleteCaches(call) {
    const found = cachesBy(call, call.query, true);
    for (const { id } of found) call.repository.actions.caches.delete(id);
    return found.length > 0 ? ok({ total_count: found.length, actions_caches: found }) : notFound();
}

export const downloads = {
    "actions/download-job-logs-for-workflow-run": withJob(jobLog),
    "actions/download-workflow-run-logs": withRun((call, run) => attemptLogs(call, run.attempts.at(-1))),
    "actions/download-workflow-run-attempt-logs": withAttempt((call, _run, attempt) => attemptLogs(call, attempt)),
    "actions/list-artifacts-for-repo": (call) => listArtifacts(call, () => true),
    "actions/list-workflow-run-artifacts": withRun((call, run) => listArtifacts(call, (each) => each.run === run.id)),
    "actions/get-artifact": withArtifact((call, artifact) => ok(artifactBody(call, artifact))),
    "actions/download-artifact": withArtifact(downloadArtifact),
    "actions/delete-artifact": withArtifact(({ repository }, { id }) => {
        repository.actions.artifacts.delete(id);
        return noContent();
    }),
    "actions/get-actions-cache-list": listCaches,
    "actions/delete-actions-cache-by-key": deleteCaches,
    "actions/delete-actions-cache-by-id": ({ repository, params }) =>
        repository.actions.caches.delete(params.cache_id) ? noContent() : notFound(),
};
