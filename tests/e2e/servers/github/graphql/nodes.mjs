// The kept state as GraphQL shows it: an object for each node, with a function for each field that takes arguments.
import { GraphQLError } from "graphql";
import { nodeId, numberOf } from "../rest/bodies.mjs";

const web = "https://github.com";

function missing(message) {
    return new GraphQLError(message, { extensions: { type: "NOT_FOUND" } });
}

export function actor(login) {
    return {
        __typename: "User",
        login,
        id: nodeId("U", numberOf(login)),
        databaseId: numberOf(login),
        url: `${web}/${login}`,
    };
}

// One page of a connection. A cursor is the place of an item in the list.
export function connection(items, { first, last, after, before }) {
    const placeOf = (cursor) => Number(Buffer.from(cursor, "base64").toString());
    const cursor = (place) => Buffer.from(String(place)).toString("base64");
    let begin = after ? placeOf(after) + 1 : 0,
        end = before ? placeOf(before) : items.length;
    if (first !== undefined) end = Math.min(end, begin + first);
    if (last !== undefined) begin = Math.max(begin, end - last);
    const nodes = items.slice(begin, end);
    return {
        nodes,
        totalCount: items.length,
        edges: nodes.map((node, i) => ({ node, cursor: cursor(begin + i) })),
        pageInfo: {
            hasNextPage: end < items.length,
            hasPreviousPage: begin > 0,
            startCursor: nodes.length > 0 ? cursor(begin) : null,
            endCursor: nodes.length > 0 ? cursor(end - 1) : null,
        },
    };
}

const label = ({ id, name, color, description }) => ({
    __typename: "Label",
    id: nodeId("LA", id),
    name,
    color,
    description,
});

export const repositoryId = ({ id }) => nodeId("R", id);

export const commentNode = (repository, { id, body, user, created_at: createdAt, updated_at: updatedAt, issue }) => ({
    __typename: "IssueComment",
    id: nodeId("IC", id),
    databaseId: id,
    body,
    author: actor(user),
    createdAt,
    updatedAt,
    url: `${web}/${repository.name}/issues/${issue}#issuecomment-${id}`,
});

export function issueNode(issue) {
    const { repository, number, kind } = issue;
    const isPull = kind === "pull_request";
    const common = {
        id: nodeId(isPull ? "PR" : "I", issue.id),
        databaseId: issue.id,
        number,
        title: issue.title,
        body: issue.body ?? "",
        state: issue.state.toUpperCase(),
        closed: issue.state !== "open",
        closedAt: issue.closed_at,
        createdAt: issue.created_at,
        updatedAt: issue.updated_at,
        locked: issue.locked,
        author: actor(issue.user),
        url: `${web}/${repository.name}/${isPull ? "pull" : "issues"}/${number}`,
        repository: () => repositoryNode(repository),
        labels: (page) =>
            connection(
                issue.labels.map((name) => label(repository.label({ name }))),
                page,
            ),
        assignees: (page) => connection(issue.assignees.map(actor), page),
        comments: (page) =>
            connection(
                repository.commentsOf(number).map((each) => commentNode(repository, each)),
                page,
            ),
    };
    if (isPull) return { __typename: "PullRequest", ...common, merged: issue.state === "merged", isDraft: false };
    return { __typename: "Issue", ...common, stateReason: issue.state_reason?.toUpperCase() ?? null };
}

function listed(repository, kind, { states, labels, orderBy }) {
    const all = repository
        .listedIssues()
        .filter(
            (issue) =>
                issue.kind === kind &&
                (!states || states.includes(issue.state.toUpperCase())) &&
                (!labels || issue.labels.some((name) => labels.includes(name))),
        );
    if (orderBy?.direction !== "DESC") all.reverse();
    return all.map(issueNode);
}

export function repositoryNode(repository) {
    const one = (number, kinds, what) => {
        const issue = repository.issue(number);
        if (issue && kinds.includes(issue.kind)) return issueNode(issue);
        throw missing(`Could not resolve to ${what} with the number of ${number}.`);
    };
    const { name, id, isPrivate, isMembersOnly, owner } = repository;
    return {
        __typename: "Repository",
        id: repositoryId(repository),
        databaseId: id,
        name: name.split("/")[1],
        nameWithOwner: name,
        owner: actor(owner),
        url: `${web}/${name}`,
        isPrivate: isPrivate || isMembersOnly,
        hasIssuesEnabled: !repository.issuesDisabled,
        issueOrPullRequest: ({ number }) => one(number, ["issue", "pull_request"], "an issue or pull request"),
        issue: ({ number }) => one(number, ["issue"], "an Issue"),
        pullRequest: ({ number }) => one(number, ["pull_request"], "a PullRequest"),
        issues: (page) => connection(listed(repository, "issue", page), page),
        pullRequests: (page) => connection(listed(repository, "pull_request", page), page),
    };
}

export function findRepository(store, name) {
    const repository = store.repository(name);
    if (repository && !repository.isPrivate) return repository;
    throw missing(`Could not resolve to a Repository with the name '${name}'.`);
}
