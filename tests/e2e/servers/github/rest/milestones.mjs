// Milestones.
import { iso } from "../store/issues.mjs";
import { milestoneBody } from "./bodies.mjs";
import { created, invalid, noContent, notFound, ok, page } from "./replies.mjs";

const show =
    ({ origin, repository }) =>
    (milestone) =>
        milestoneBody(origin, repository, milestone);

function withMilestone(handle) {
    return (call) => {
        const milestone = call.repository.milestones.get(call.params.milestone_number);
        return milestone ? handle(call, milestone) : notFound();
    };
}

function list(call) {
    const { query, repository } = call;
    const wanted = query.state ?? "open";
    const found = [...repository.milestones.values()].filter((each) => wanted === "all" || each.state === wanted);
    if (query.direction === "desc") found.reverse();
    return page(call, found, show(call));
}

function taken(repository, title, own) {
    return [...repository.milestones.values()].some((each) => each !== own && each.title === title);
}

function create(call) {
    const { repository, body, login } = call;
    if (taken(repository, body.title)) return invalid("Milestone", "title", "already_exists");
    return created(show(call)(repository.addMilestone({ ...body, creator: login })));
}

function update(call, milestone) {
    const { repository, body } = call;
    if (body.title !== undefined && taken(repository, body.title, milestone))
        return invalid("Milestone", "title", "already_exists");
    Object.assign(milestone, body, { updated_at: iso() });
    milestone.closed_at = milestone.state === "closed" ? (milestone.closed_at ?? iso()) : null;
    return ok(show(call)(milestone));
}

function remove({ repository }, milestone) {
    repository.milestones.delete(milestone.number);
    for (const issue of repository.issues.values()) if (issue.milestone === milestone.number) issue.milestone = null;
    return noContent();
}

export const milestones = {
    "issues/list-milestones": list,
    "issues/get-milestone": withMilestone((call, milestone) => ok(show(call)(milestone))),
    "issues/create-milestone": create,
    "issues/update-milestone": withMilestone(update),
    "issues/delete-milestone": withMilestone(remove),
};
