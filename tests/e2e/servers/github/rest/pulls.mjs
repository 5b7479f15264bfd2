// Pull requests. Beside what an issue has, one is kept with { head, base: branch, head_sha, draft, files, reviews: [ {
// user, state, body, submitted_at, commit_id } ], commits: [ sha ] }.
import { issueBody, nodeId, repositoryBody, userBody } from "./bodies.mjs";
import { commitBody, fileBody, noCommit } from "./commits.mjs";
import { change, iso } from "../store/issues.mjs";
import { created, described, failure, invalid, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

const web = "https://github.com";

function withPull(handle) {
    return (call) => {
        const issue = call.repository.issue(call.params.pull_number);
        return issue?.kind === "pull_request" && issue.repository === call.repository
            ? handle(call, issue)
            : notFound();
    };
}

const headOf = ({ repository, head_sha: sha }) => sha ?? repository.history.tip.sha;

function sideBody(origin, repository, ref, sha) {
    return {
        label: `${repository.owner}:${ref}`,
        ref,
        sha,
        user: userBody(origin, repository.owner),
        repo: repositoryBody(origin, repository, "repository"),
    };
}

// What only a pull request by itself shows.
function ownBody(origin, pull) {
    const merged = pull.state === "merged";
    return {
        merged,
        mergeable: merged ? null : true,
        mergeable_state: merged ? "unknown" : "clean",
        merged_by: merged ? userBody(origin, pull.closed_by ?? "tester") : null,
        commits: commitsOf(pull).length,
        changed_files: pull.files?.length ?? 0,
        review_comments: 0,
        maintainer_can_modify: false,
        comments: pull.repository.commentsOf(pull.number).length,
        additions: total(pull, "additions"),
        deletions: total(pull, "deletions"),
    };
}

function pullBody(origin, pull, kind) {
    const { repository, number } = pull;
    const { id, node_id: node, reactions: _, ...common } = issueBody(origin, pull);
    const url = `${origin}/repos/${repository.name}/pulls/${number}`;
    const seen = `${web}/${repository.name}/pull/${number}`;
    const merged = pull.state === "merged";
    const shared = Object.fromEntries(Object.entries(common).filter(([key]) => key in skeleton("pull-request-simple")));
    return {
        ...skeleton(kind),
        ...shared,
        ...(kind === "pull-request" ? ownBody(origin, pull) : {}),
        id,
        node_id: node,
        url,
        html_url: seen,
        diff_url: `${seen}.diff`,
        patch_url: `${seen}.patch`,
        issue_url: common.url,
        draft: pull.draft ?? false,
        requested_reviewers: (pull.reviewers ?? []).map((login) => userBody(origin, login)),
        labels: common.labels,
        assignee: common.assignee,
        merged_at: merged ? pull.closed_at : null,
        merge_commit_sha: merged ? (pull.merge_commit_sha ?? headOf(pull)) : null,
        head: sideBody(origin, repository, pull.head ?? `branch-${number}`, headOf(pull)),
        base: sideBody(origin, repository, pull.base ?? repository.defaultBranch, repository.history.tip.sha),
    };
}

const total = ({ files = [] }, key) => files.reduce((sum, file) => sum + (file[key] ?? 0), 0);

const commitsOf = (pull) =>
    (pull.commits ?? [headOf(pull)]).map((sha) => pull.repository.history.resolve(sha)).filter(Boolean);

function list(call) {
    const { repository, query, origin } = call;
    const wanted = query.state ?? "open";
    const found = repository
        .listedIssues()
        .filter(
            (issue) =>
                issue.kind === "pull_request" &&
                (wanted === "all" || (issue.state === "open") === (wanted === "open")) &&
                (!query.base || (issue.base ?? repository.defaultBranch) === query.base) &&
                (!query.head || `${repository.owner}:${issue.head ?? `branch-${issue.number}`}` === query.head),
        );
    if (query.direction === "asc") found.reverse();
    return page(call, found, (pull) => pullBody(origin, pull, "pull-request-simple"));
}

function reviewBody(origin, pull, review, place) {
    const {
        user = "reviewer",
        state = "APPROVED",
        body = "",
        submitted_at: at = pull.updated_at,
        commit_id: commit = headOf(pull),
    } = review;
    const seen = `${web}/${pull.repository.name}/pull/${pull.number}#pullrequestreview-${place + 1}`;
    const url = `${origin}/repos/${pull.repository.name}/pulls/${pull.number}`;
    return {
        id: pull.id * 100 + place,
        node_id: nodeId("PRR", place),
        user: userBody(origin, user),
        state,
        body,
        commit_id: commit,
        html_url: seen,
        pull_request_url: url,
        _links: { html: { href: seen }, pull_request: { href: url } },
        submitted_at: at,
        author_association: "MEMBER",
    };
}

function ofCommit(call) {
    const { repository, params, origin } = call;
    const commit = repository.history.resolve(params.commit_sha);
    if (!commit) return noCommit(params.commit_sha);
    const found = [...repository.issues.values()].filter(
        (issue) =>
            issue.kind === "pull_request" &&
            (issue.merge_commit_sha === commit.sha ||
                issue.head_sha === commit.sha ||
                issue.commits?.includes(commit.sha)),
    );
    return page(call, found, (pull) => pullBody(origin, pull, "pull-request-simple"));
}

function create(call) {
    const { repository, body, login, origin } = call;
    const isOpen = [...repository.issues.values()].some(
        (issue) => issue.kind === "pull_request" && issue.state === "open" && issue.head === body.head,
    );
    if (isOpen) return invalid("PullRequest", "head", "custom", `A pull request already exists for ${body.head}.`);
    const { title, head, base, body: text = null, draft = false } = body;
    const pull = repository.createIssue({ kind: "pull_request", title, head, base, body: text, draft, user: login });
    return created(pullBody(origin, pull, "pull-request"));
}

function update({ body, login, origin }, pull) {
    const { base, maintainer_can_modify: _, ...rest } = body;
    change(pull, rest, login);
    if (base) pull.base = base;
    return ok(pullBody(origin, pull, "pull-request"));
}

function merge(call, pull) {
    const { body = {}, repository, login } = call;
    if (pull.state !== "open") return failure(405, "Pull Request is not mergeable");
    if (body?.sha && body.sha !== headOf(pull)) return failure(409, "Head branch was modified.");
    repository.history.apply({ commits: [{ message: `Merge #${pull.number}`, author: login }] });
    const sha = repository.history.tip.sha;
    Object.assign(pull, { state: "merged", merge_commit_sha: sha, closed_at: iso(), closed_by: login });
    return ok(described(call, 200, { sha, merged: true, message: "Pull Request successfully merged" }));
}

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" };

function review({ body, login, origin }, pull) {
    pull.reviews ??= [];
    pull.reviews.push({ user: login, state: states[body.event], body: body.body ?? "", submitted_at: iso() });
    return ok(reviewBody(origin, pull, pull.reviews.at(-1), pull.reviews.length - 1));
}

function requestReviewers({ body, origin }, pull) {
    pull.reviewers = [...new Set([...(pull.reviewers ?? []), ...(body.reviewers ?? [])])];
    return created(pullBody(origin, pull, "pull-request-simple"));
}

export const pulls = {
    "pulls/create": create,
    "pulls/update": withPull(update),
    "pulls/merge": withPull(merge),
    "pulls/create-review": withPull(review),
    "pulls/request-reviewers": withPull(requestReviewers),
    "pulls/list": list,
    "pulls/get": withPull(({ origin }, pull) => ok(pullBody(origin, pull, "pull-request"))),
    "pulls/list-files": withPull((call, pull) =>
        page(call, pull.files ?? [], (file) => fileBody(call.origin, call.repository, { sha: headOf(pull) }, file)),
    ),
    "pulls/list-reviews": withPull((call, pull) =>
        page(
            call,
            (pull.reviews ?? []).map((review, i) => reviewBody(call.origin, pull, review, i)),
            (body) => body,
        ),
    ),
    "pulls/list-commits": withPull((call, pull) =>
        page(call, commitsOf(pull), (commit) => commitBody(call.origin, call.repository, commit)),
    ),
    "repos/list-pull-requests-associated-with-commit": ofCommit,
};
