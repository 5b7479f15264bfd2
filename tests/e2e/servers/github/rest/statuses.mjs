// Statuses of commits.
import { iso } from "../store/issues.mjs";
import { noCommit } from "./commits.mjs";
import { nodeId, repositoryBody, userBody } from "./bodies.mjs";
import { created, described, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

function statusBody({ origin, repository }, { sha, creator, ...rest }) {
    return {
        ...skeleton("status"),
        ...rest,
        node_id: nodeId("SC", rest.id),
        creator: userBody(origin, creator),
        url: `${origin}/repos/${repository.name}/statuses/${sha}`,
    };
}

const withCommit = (name, handle) => (call) => {
    const commit = call.repository.history.resolve(call.params[name]);
    return commit ? handle(call, commit.sha) : noCommit(call.params[name]);
};

function create(call, sha) {
    const { repository, body, login } = call;
    const now = iso();
    const status = {
        id: repository.store.nextId(),
        sha,
        context: "default",
        description: null,
        target_url: null,
        ...body,
        creator: login,
        created_at: now,
        updated_at: now,
    };
    repository.statuses.push(status);
    return created(statusBody(call, status));
}

const ofCommit = ({ repository }, sha) => repository.statuses.filter((status) => status.sha === sha).reverse();

const worst = ["error", "failure", "pending", "success"];

function combined(call, sha) {
    const newest = new Map();
    for (const status of ofCommit(call, sha)) if (!newest.has(status.context)) newest.set(status.context, status);
    const list = [...newest.values()];
    const state = worst.find((each) => list.some((status) => status.state === each)) ?? "pending";
    const shown = list.map((status) => ({
        ...skeleton("simple-commit-status"),
        ...Object.fromEntries(
            Object.entries(statusBody(call, status)).filter(([key]) => key !== "creator" && key !== "avatar_url"),
        ),
        avatar_url: null,
    }));
    return ok(
        described(call, 200, {
            state: state === "error" ? "failure" : state,
            sha,
            total_count: list.length,
            statuses: shown,
            repository: repositoryBody(call.origin, call.repository),
        }),
    );
}

export const statuses = {
    "repos/create-commit-status": withCommit("sha", create),
    "repos/list-commit-statuses-for-ref": withCommit("ref", (call, sha) =>
        page(call, ofCommit(call, sha), (status) => statusBody(call, status)),
    ),
    "repos/get-combined-status-for-ref": withCommit("ref", combined),
};
