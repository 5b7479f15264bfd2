// The GraphQL queries that the tests send. Not an interpreter: it reads the aliases of issueOrPullRequest, and refuses
// fields that GitHub's schema does not have on what it is asked for.
const issueFields = ["number", "state", "stateReason", "title", "url", "closedAt", "repository", "nameWithOwner"];
const pullFields = issueFields.filter((field) => field !== "stateReason");
const mostNodes = 500;

function unknownFields(query) {
    const problems = [];
    for (const [, type, body] of query.matchAll(/\bon (Issue|PullRequest) \{((?:[^{}]|\{[^{}]*\})*)\}/g)) {
        const known = type === "Issue" ? issueFields : pullFields;
        for (const [field] of body.matchAll(/\w+/g)) {
            if (!known.includes(field)) problems.push({ message: `Field '${field}' doesn't exist on type '${type}'` });
        }
    }
    return problems;
}

function node(issue) {
    const { full_name: name } = issue.repository;
    const common = { number: issue.number, title: issue.title, closedAt: issue.closed_at, repository: { nameWithOwner: name } };
    const state = issue.state.toUpperCase();
    if (issue.kind === "pull_request") {
        return { __typename: "PullRequest", state, url: `https://github.com/${name}/pull/${issue.number}`, ...common };
    }
    const stateReason = issue.state_reason?.toUpperCase() ?? null;
    return { __typename: "Issue", state, stateReason, url: `https://github.com/${name}/issues/${issue.number}`, ...common };
}

function missing(path, message) {
    return { type: "NOT_FOUND", path, message };
}

export function answerGraphql(store, { query, variables = {} }) {
    if (/^\s*mutation\b/.test(query)) return { status: 200, body: { data: { changed: true } } };
    if (/\bviewer\b/.test(query)) return { status: 200, body: { data: { viewer: { login: "tester" } } } };
    const problems = unknownFields(query);
    const aliases = [...query.matchAll(/(\w+): issueOrPullRequest\(number: (\d+)\)/g)];
    if (aliases.length === 0) problems.push({ message: "Parse error on \"}\" (RCURLY) at [1, 1]" });
    if (aliases.length > mostNodes) problems.push({ message: "The query is too large" });
    if (problems.length > 0) return { status: 200, body: { errors: problems } };
    const name = `${variables.owner}/${variables.name}`;
    const repository = store.repository(name);
    if (!repository) {
        const error = missing(["repository"], `Could not resolve to a Repository with the name '${name}'.`);
        return { status: 200, body: { data: { repository: null }, errors: [error] } };
    }
    const errors = [];
    const data = { nameWithOwner: repository.full_name };
    for (const [, alias, digits] of aliases) {
        const issue = store.issue(repository, Number(digits));
        data[alias] = issue ? node(issue) : null;
        if (!issue) errors.push(missing(["repository", alias], `Could not resolve to an issue or pull request with the number of ${digits}.`));
    }
    return { status: 200, body: { data: { repository: data }, ...(errors.length > 0 ? { errors } : {}) } };
}
