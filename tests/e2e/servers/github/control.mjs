// What the tests send to the stand-in, and what it answers.
import { implemented } from "./rest/rest.mjs";

function shown(repository, issue) {
    const { repository: _, isGenerated: __, lag: ___, ...rest } = issue;
    return {
        ...rest,
        repository: repository.name,
        comments: repository.commentsOf(issue.number).map(({ id, body, user }) => ({ id, body, user })),
    };
}

// Those that a test made or changed: of thousands of generated ones nobody wants to hear.
function issuesOf(store) {
    return store
        .all()
        .flatMap((repository) =>
            [...repository.issues.values()]
                .filter((issue) => !issue.isGenerated)
                .map((issue) => shown(repository, issue)),
        );
}

function counted(list) {
    const counts = {};
    for (const each of list) counts[each] = (counts[each] ?? 0) + 1;
    return counts;
}

export function report({ record, secondary, store }) {
    return {
        requests: record.requests,
        violations: record.violations,
        effects: counted(record.effects),
        connections_closed: record.closed,
        most_concurrent: secondary.mostConcurrent,
        issues: issuesOf(store),
        operations: { implemented, answered: [...record.answered].sort() },
    };
}

export async function obey({ access, blobs, faults, late, rate, record, secondary, store, timing }, order) {
    if (order.faults) faults.set(order.faults);
    if (order.rate) rate.set(order.rate);
    if (order.check_answers !== undefined) record.checksAnswers = order.check_answers;
    if (order.latency_ms !== undefined) timing.latency = order.latency_ms;
    if (order.forget) Object.assign(record, { requests: [], effects: [] });
    if (order.forgive) record.violations = [];
    if (order.arrive) for (const arrive of late.splice(0)) await arrive();
    access.apply(order);
    blobs.apply(order);
    secondary.apply(order);
    store.apply(order);
    return { ok: true };
}
