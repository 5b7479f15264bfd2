// Issues and pull requests as they are kept: { number, id, kind: "issue" | "pull_request" | "transferred" | "deleted",
// state: "open" | "closed" | "merged", state_reason, title, body, user, labels: [ name ], assignees: [ login ],
// milestone: number | null, locked, lock_reason, created_at, updated_at, closed_at, closed_by, moved_to: "o/n#5", lag,
// author_association }. Whoever makes one leaves out what does not matter.
const epoch = Date.parse("2020-01-01T00:00:00Z");

export function iso(time = Date.now()) {
    return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

// What an author is to a repository, where nobody says: the tests' own account owns it, others are strangers.
export const associationOf = (user) => (user === "tester" ? "OWNER" : "NONE");

// One of many: a fiftieth deleted, a tenth pull requests, a quarter open.
export function generated(number) {
    if (number % 50 === 0) return { number, kind: "deleted" };
    if (number % 10 === 7) return { number, kind: "pull_request", state: number % 20 === 7 ? "merged" : "open" };
    if (number % 4 === 0) return { number, kind: "issue", state: "open" };
    return { number, kind: "issue", state: "closed", state_reason: number % 3 === 0 ? "not_planned" : "completed" };
}

export function complete(repository, issue) {
    const state = issue.state ?? "open";
    const created = issue.created_at ?? iso(epoch + issue.number * 60_000);
    return {
        id: repository.id * 1_000_000 + issue.number,
        kind: "issue",
        state,
        state_reason: null,
        title: `Issue ${issue.number}`,
        body: null,
        user: "tester",
        labels: [],
        assignees: [],
        milestone: null,
        locked: false,
        lock_reason: null,
        created_at: created,
        updated_at: issue.updated_at ?? created,
        closed_at: state === "open" ? null : "2026-01-31T12:00:00Z",
        closed_by: null,
        repository,
        author_association: associationOf(issue.user ?? "tester"),
        ...issue,
    };
}

// Lets `issue` take what `change` says and nothing else; what changes with it follows.
export function change(issue, { labels, assignees, ...rest }, login) {
    const wasOpen = issue.state === "open";
    for (const key of ["title", "body", "milestone", "state", "state_reason"]) {
        if (rest[key] !== undefined) issue[key] = rest[key];
    }
    if (labels) issue.labels = labels;
    if (assignees) issue.assignees = assignees;
    const isOpen = issue.state === "open";
    if (wasOpen && !isOpen) {
        Object.assign(issue, { closed_at: iso(), closed_by: login, state_reason: rest.state_reason ?? "completed" });
    } else if (!wasOpen && isOpen) {
        Object.assign(issue, { closed_at: null, closed_by: null, state_reason: "reopened" });
    }
    touch(issue);
}

export function touch(issue) {
    issue.updated_at = iso();
    issue.isGenerated = false;
}
