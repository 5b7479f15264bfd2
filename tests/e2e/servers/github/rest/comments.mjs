// Comments on issues.
import { iso, touch } from "../store/issues.mjs";
import { commentBody } from "./bodies.mjs";
import { withIssue } from "./issues.mjs";
import { created, invalid, noContent, notFound, ok, page } from "./replies.mjs";

function withComment(handle) {
    return (call) => {
        const comment = call.repository.comments.get(call.params.comment_id);
        return comment ? handle(call, comment) : notFound();
    };
}

function since({ query }, comments) {
    return query.since
        ? comments.filter((comment) => Date.parse(comment.updated_at) >= Date.parse(query.since))
        : comments;
}

const show =
    ({ origin, repository }) =>
    (comment) =>
        commentBody(origin, repository, comment);

function list(call, issue) {
    return page(call, since(call, call.repository.commentsOf(issue.number)), show(call));
}

function listAll(call) {
    const all = since(call, [...call.repository.comments.values()]);
    if (call.query.direction === "desc") all.reverse();
    return page(call, all, show(call));
}

function create(call, issue) {
    const { repository, body, login } = call;
    if (!body.body.trim()) return invalid("IssueComment", "body", "missing_field");
    touch(issue);
    return created(show(call)(repository.addComment(issue.number, { body: body.body, user: login })));
}

function update(call, comment) {
    Object.assign(comment, { body: call.body.body, updated_at: iso() });
    return ok(show(call)(comment));
}

function remove({ repository }, comment) {
    repository.comments.delete(comment.id);
    return noContent();
}

export const comments = {
    "issues/list-comments": withIssue(list),
    "issues/list-comments-for-repo": listAll,
    "issues/get-comment": withComment((call, comment) => ok(show(call)(comment))),
    "issues/create-comment": withIssue(create),
    "issues/update-comment": withComment(update),
    "issues/delete-comment": withComment(remove),
};
