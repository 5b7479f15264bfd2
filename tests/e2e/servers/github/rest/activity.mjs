// Reactions, timelines, notifications.
import { iso } from "../store/issues.mjs";
import { nodeId, repositoryBody, userBody } from "./bodies.mjs";
import { created, described, noContent, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

function reactionBody(origin, { id, content, user, created_at: at }) {
    return {
        ...skeleton("reaction"),
        id,
        node_id: nodeId("REA", id),
        content,
        user: userBody(origin, user),
        created_at: at,
    };
}

const placeOf = ({ params }) =>
    params.comment_id ? `comments/${params.comment_id}` : `issues/${params.issue_number}`;

function listReactions(call) {
    const found = [...call.repository.reactions.values()].filter(
        (each) => each.on === placeOf(call) && (!call.query.content || each.content === call.query.content),
    );
    return page(call, found, (each) => reactionBody(call.origin, each));
}

// The same reaction of the same account is one.
function react(call) {
    const { repository, body, login, origin } = call;
    const on = placeOf(call);
    const known = [...repository.reactions.values()].find(
        (each) => each.on === on && each.user === login && each.content === body.content,
    );
    if (known) return ok(reactionBody(origin, known));
    const reaction = { id: repository.store.nextId(), on, content: body.content, user: login, created_at: iso() };
    repository.reactions.set(reaction.id, reaction);
    return created(reactionBody(origin, reaction));
}

const unreact = ({ repository, params }) =>
    repository.reactions.delete(params.reaction_id) ? noContent() : notFound();

// Events are given by the test, as GitHub shows them.
const timeline = (call) =>
    page(call, call.repository.settings.timeline?.[call.params.issue_number] ?? [], (event) => event);

function notificationBody(call, { id, title, unread = true }) {
    const { origin, repository } = call;
    return described(call, 200, {
        id: String(id),
        unread,
        reason: "mention",
        updated_at: "2026-01-01T00:00:00Z",
        last_read_at: null,
        subject: {
            title,
            url: `${origin}/repos/${repository.name}/issues/1`,
            latest_comment_url: origin,
            type: "Issue",
        },
        repository: repositoryBody(origin, repository),
        url: `${origin}/notifications/threads/${id}`,
        subscription_url: `${origin}/notifications/threads/${id}/subscription`,
    });
}

function markRead({ store, params }) {
    for (const repository of store.all()) {
        const found = repository.settings.notifications?.find((each) => each.id === params.thread_id);
        if (!found) continue;
        found.unread = false;
        return { status: 205 };
    }
    return notFound();
}

export const activity = {
    "reactions/list-for-issue": listReactions,
    "reactions/create-for-issue": react,
    "reactions/delete-for-issue": unreact,
    "reactions/list-for-issue-comment": listReactions,
    "reactions/create-for-issue-comment": react,
    "reactions/delete-for-issue-comment": unreact,
    "issues/list-events-for-timeline": timeline,
    "activity/list-repo-notifications-for-authenticated-user": (call) =>
        page(
            call,
            (call.repository.settings.notifications ?? []).filter((each) => call.query.all || each.unread !== false),
            (each) => notificationBody(call, each),
        ),
    "activity/mark-thread-as-read": markRead,
};
