// Labels of a repository and of its issues.
import { touch } from "../store/issues.mjs";
import { labelBody } from "./bodies.mjs";
import { withIssue } from "./issues.mjs";
import { created, failure, invalid, noContent, notFound, ok, page } from "./replies.mjs";

const show =
    ({ origin, repository }) =>
    (label) =>
        labelBody(origin, repository, label);

function withLabel(handle) {
    return (call) => {
        const label = call.repository.labels.get(call.params.name.toLowerCase());
        return label ? handle(call, label) : notFound();
    };
}

const isColor = (color) => /^[0-9a-f]{6}$/i.test(color);

function create(call) {
    const { repository, body } = call;
    if (repository.labels.has(body.name.toLowerCase())) return invalid("Label", "name", "already_exists");
    if (body.color !== undefined && !isColor(body.color)) return invalid("Label", "color", "invalid");
    return created(show(call)(repository.label(body)));
}

function update(call, label) {
    const { repository, body } = call;
    if (body.color !== undefined && !isColor(body.color)) return invalid("Label", "color", "invalid");
    const { new_name: name = label.name, ...rest } = body;
    for (const issue of repository.issues.values())
        issue.labels = issue.labels.map((each) => (each === label.name ? name : each));
    repository.labels.delete(label.name.toLowerCase());
    Object.assign(label, { color: label.color, ...rest, name });
    repository.labels.set(name.toLowerCase(), label);
    return ok(show(call)(label));
}

function remove({ repository }, label) {
    repository.labels.delete(label.name.toLowerCase());
    for (const issue of repository.issues.values()) issue.labels = issue.labels.filter((name) => name !== label.name);
    return noContent();
}

// The names in a body: { labels: [ name | { name } ] }, a list of them, or one name.
function namesIn(body) {
    const list = typeof body === "string" ? [body] : (body?.labels ?? body ?? []);
    return list.map((label) => label.name ?? label);
}

function setNames(call, issue, names) {
    issue.labels = [...new Set(names.map((name) => call.repository.label({ name }).name))];
    touch(issue);
    return listOf(call, issue);
}

function listOf(call, issue) {
    return ok(issue.labels.map((name) => show(call)(call.repository.label({ name }))));
}

function removeFrom(call, issue) {
    const name = call.params.name.toLowerCase();
    if (!issue.labels.some((each) => each.toLowerCase() === name)) return failure(404, "Label does not exist");
    return setNames(
        call,
        issue,
        issue.labels.filter((each) => each.toLowerCase() !== name),
    );
}

export const labels = {
    "issues/list-labels-for-repo": (call) => page(call, [...call.repository.labels.values()], show(call)),
    "issues/get-label": withLabel((call, label) => ok(show(call)(label))),
    "issues/create-label": create,
    "issues/update-label": withLabel(update),
    "issues/delete-label": withLabel(remove),
    "issues/list-labels-on-issue": withIssue((call, issue) =>
        page(
            call,
            issue.labels.map((name) => call.repository.label({ name })),
            show(call),
        ),
    ),
    "issues/add-labels": withIssue((call, issue) => setNames(call, issue, [...issue.labels, ...namesIn(call.body)])),
    "issues/set-labels": withIssue((call, issue) => setNames(call, issue, namesIn(call.body))),
    "issues/remove-label": withIssue(removeFrom),
    "issues/remove-all-labels": withIssue((call, issue) => {
        setNames(call, issue, []);
        return noContent();
    }),
};
