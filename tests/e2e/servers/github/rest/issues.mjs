// Issues: list, get, create, change, lock. The names are the operations' in GitHub's description.
import { change, iso, touch } from "../store/issues.mjs";
import { issueBody } from "./bodies.mjs";
import { created, cursorPage, gone, invalid, moved, noContent, notFound, ok } from "./replies.mjs";

const disabled = () => gone("Issues are disabled for this repo");
const wasDeleted = () => gone("This issue was deleted");

// Runs `handle(call, issue)` with the issue that the path names.
export function withIssue(handle) {
    return (call) => {
        const { repository, params, origin } = call;
        const number = params.issue_number;
        const issue = repository.issue(number);
        if (!issue) return repository.issues.has(number) ? wasDeleted() : notFound();
        if (issue.repository !== repository) {
            const tail = call.url.pathname.split(`/issues/${number}`)[1];
            return moved(call.method, `${origin}/repositories/${issue.repository.id}/issues/${issue.number}${tail}`);
        }
        if (repository.issuesDisabled && issue.kind === "issue") return disabled();
        return handle(call, issue);
    };
}

const matchers = {
    state: (issue, wanted) => wanted === "all" || (issue.state === "open") === (wanted === "open"),
    labels: (issue, wanted) => {
        const own = issue.labels.map((name) => name.toLowerCase());
        return wanted.split(",").every((name) => own.includes(name.trim().toLowerCase()));
    },
    assignee: (issue, wanted) => {
        if (wanted === "*") return issue.assignees.length > 0;
        return wanted === "none" ? issue.assignees.length === 0 : issue.assignees.includes(wanted);
    },
    creator: (issue, wanted) => issue.user === wanted,
    mentioned: (issue, wanted) => (issue.body ?? "").includes(`@${wanted}`),
    milestone: (issue, wanted) => {
        if (wanted === "*") return issue.milestone !== null;
        return wanted === "none" ? issue.milestone === null : issue.milestone === Number(wanted);
    },
    since: (issue, wanted) => Date.parse(issue.updated_at) >= Date.parse(wanted),
};

const orders = {
    created: (issue) => Date.parse(issue.created_at),
    updated: (issue) => Date.parse(issue.updated_at),
    comments: (issue) => issue.repository.commentsOf(issue.number).length,
};

function list(call) {
    const { repository, query, origin } = call;
    if (repository.issuesDisabled) return disabled();
    const wanted = { state: "open", ...query };
    const filters = Object.entries(matchers).filter(([name]) => wanted[name] !== undefined);
    const ordered = [...repository.listedIssues()];
    if (query.sort || query.direction) {
        const key = orders[query.sort ?? "created"];
        const sign = query.direction === "asc" ? 1 : -1;
        ordered.sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
    }
    return cursorPage(call, ordered, {
        fits: (issue) => filters.every(([name, matches]) => matches(issue, wanted[name])),
        keyOf: (issue) => issue.number,
        show: (issue) => issueBody(origin, issue),
    });
}

// What is wrong with a title or a milestone that the description allows, or null.
function refusal(repository, { title, milestone }, isNew) {
    if ((isNew || title !== undefined) && !String(title ?? "").trim())
        return invalid("Issue", "title", "missing_field");
    if (milestone && !repository.milestones.has(Number(milestone))) return invalid("Issue", "milestone", "invalid");
    return null;
}

// What a body says of an issue, as it is kept.
function wishes(repository, { title, body, labels, assignee, assignees, milestone }) {
    return {
        title: title === undefined || title === null ? undefined : String(title),
        body,
        milestone: milestone ? Number(milestone) : milestone,
        labels: labels?.map((label) => repository.label({ name: label.name ?? label }).name),
        assignees: assignees ?? (assignee ? [assignee] : undefined),
    };
}

function create(call) {
    const { repository, body, origin, login } = call;
    if (repository.issuesDisabled) return disabled();
    const refused = refusal(repository, body, true);
    if (refused) return refused;
    const given = Object.entries(wishes(repository, body)).filter(([, value]) => value !== undefined);
    return created(issueBody(origin, repository.createIssue({ ...Object.fromEntries(given), user: login })));
}

function update({ repository, body, origin, login }, issue) {
    const refused = refusal(repository, body, false);
    if (refused) return refused;
    change(issue, { ...wishes(repository, body), state: body.state, state_reason: body.state_reason }, login);
    return ok(issueBody(origin, issue));
}

function lock({ body }, issue) {
    Object.assign(issue, { locked: true, lock_reason: body?.lock_reason ?? null });
    touch(issue);
    return noContent();
}

function unlock(_call, issue) {
    Object.assign(issue, { locked: false, lock_reason: null });
    touch(issue);
    return noContent();
}

export const issues = {
    "issues/list-for-repo": list,
    "issues/get": withIssue(({ origin }, issue) => ok(issueBody(origin, issue))),
    "issues/create": create,
    "issues/update": withIssue(update),
    "issues/lock": withIssue(lock),
    "issues/unlock": withIssue(unlock),
};
