// What GitHub shows of users, repositories, issues and what belongs to them. `origin` is where the API is.
import { skeleton } from "../store/skeleton.mjs";

const web = "https://github.com";

// The same number for the same name, wherever it is asked for.
export function numberOf(text) {
    let sum = 7;
    for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 2_000_000_011;
    return sum;
}

export function nodeId(kind, id) {
    return `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
}

// Apps are accounts whose login ends in "[bot]".
export function userBody(origin, login) {
    const isBot = login.endsWith("[bot]");
    return {
        ...skeleton("simple-user"),
        login,
        id: numberOf(login),
        node_id: nodeId("U", login),
        type: isBot ? "Bot" : "User",
        url: `${origin}/users/${encodeURIComponent(login)}`,
        html_url: isBot ? `${web}/apps/${login.slice(0, -"[bot]".length)}` : `${web}/${login}`,
    };
}

export function repositoryBody(origin, repository, kind = "minimal-repository") {
    const { name: fullName, id, owner } = repository;
    return {
        ...skeleton(kind),
        id,
        node_id: nodeId("R", id),
        name: fullName.split("/")[1],
        full_name: fullName,
        owner: userBody(origin, owner),
        private: repository.isPrivate || repository.isMembersOnly,
        has_issues: !repository.issuesDisabled,
        default_branch: repository.defaultBranch,
        url: `${origin}/repos/${fullName}`,
        html_url: `${web}/${fullName}`,
    };
}

export function labelBody(origin, repository, { id, name, color, description }) {
    const url = `${origin}/repos/${repository.name}/labels/${encodeURIComponent(name)}`;
    return { id, node_id: nodeId("LA", id), url, name, color, default: false, description };
}

export function milestoneBody(origin, repository, milestone) {
    const { number, creator, ...rest } = milestone;
    const own = [...repository.issues.values()].filter((issue) => issue.milestone === number && issue.kind === "issue");
    const open = own.filter((issue) => issue.state === "open").length;
    const url = `${origin}/repos/${repository.name}/milestones/${number}`;
    return {
        ...skeleton("milestone"),
        ...rest,
        number,
        node_id: nodeId("MI", rest.id),
        creator: userBody(origin, creator),
        url,
        labels_url: `${url}/labels`,
        html_url: `${web}/${repository.name}/milestone/${number}`,
        open_issues: open,
        closed_issues: own.length - open,
    };
}

export function commentBody(origin, repository, comment) {
    const url = `${origin}/repos/${repository.name}`;
    return {
        ...skeleton("issue-comment"),
        id: comment.id,
        node_id: nodeId("IC", comment.id),
        body: comment.body,
        user: userBody(origin, comment.user),
        created_at: comment.created_at,
        updated_at: comment.updated_at,
        url: `${url}/issues/comments/${comment.id}`,
        issue_url: `${url}/issues/${comment.issue}`,
        html_url: `${web}/${repository.name}/issues/${comment.issue}#issuecomment-${comment.id}`,
        author_association: comment.author_association,
        performed_via_github_app: null,
    };
}

// The part of a pull request that is shown where it appears among issues.
function pullLinks(origin, { repository, number, state, closed_at: closedAt }) {
    const page = `${web}/${repository.name}/pull/${number}`;
    return {
        url: `${origin}/repos/${repository.name}/pulls/${number}`,
        html_url: page,
        diff_url: `${page}.diff`,
        patch_url: `${page}.patch`,
        merged_at: state === "merged" ? closedAt : null,
    };
}

export function issueBody(origin, issue) {
    const { repository, number, kind } = issue;
    const isPull = kind === "pull_request";
    const url = `${origin}/repos/${repository.name}`;
    const assignees = issue.assignees.map((login) => userBody(origin, login));
    return {
        ...skeleton("issue"),
        id: issue.id,
        node_id: nodeId(isPull ? "PR" : "I", issue.id),
        number,
        title: issue.title,
        state: issue.state === "open" ? "open" : "closed",
        state_reason: issue.state_reason,
        body: issue.body,
        user: userBody(origin, issue.user),
        labels: issue.labels.map((name) => labelBody(origin, repository, repository.label({ name }))),
        assignee: assignees[0] ?? null,
        assignees,
        locked: issue.locked,
        active_lock_reason: issue.lock_reason,
        milestone: issue.milestone
            ? milestoneBody(origin, repository, repository.milestones.get(issue.milestone))
            : null,
        comments: repository.comments.size > 0 ? repository.commentsOf(number).length : 0,
        created_at: issue.created_at,
        updated_at: issue.updated_at,
        closed_at: issue.closed_at,
        closed_by: issue.closed_by ? userBody(origin, issue.closed_by) : null,
        author_association: issue.author_association,
        url: `${url}/issues/${number}`,
        repository_url: url,
        labels_url: `${url}/issues/${number}/labels{/name}`,
        comments_url: `${url}/issues/${number}/comments`,
        events_url: `${url}/issues/${number}/events`,
        html_url: `${web}/${repository.name}/${isPull ? "pull" : "issues"}/${number}`,
        ...(isPull ? { pull_request: pullLinks(origin, issue) } : {}),
    };
}
