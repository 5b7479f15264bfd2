// A repository and what is in it.
import { Actions } from "./actions.mjs";
import { History } from "./history.mjs";
import { associationOf, complete, generated, iso } from "./issues.mjs";

export class Repository {
    issues = new Map(); // by number
    comments = new Map(); // by id: { id, issue: number, body, user, created_at, updated_at }
    labels = new Map(); // by name in lower case: { id, name, color, description }
    milestones = new Map(); // by number
    releases = new Map(); // by id
    checks = new Map(); // by id
    deployments = new Map(); // by id
    blobs = new Map(); // bytes by id
    trees = new Map(); // entries by id
    tagObjects = new Map(); // by id
    statuses = []; // { id, sha, state, context, description, target_url, creator, created_at }, the oldest first
    reactions = new Map(); // by id: { id, on: "issues/4", content, user, created_at }
    variables = new Map(); // by place and name: { name, value, created_at, updated_at }
    sarifs = new Map(); // by id
    settings = { hooks: [], project_items: [] }; // see rest/settings.mjs
    events = []; // what was dispatched: { event_type, client_payload }
    isPrivate = false; // and not shown to the token either
    isMembersOnly = false; // private, and shown to the token
    issuesDisabled = false;
    defaultBranch = "main";

    constructor(store, id, name) {
        Object.assign(this, { store, id, name });
        this.history = new History(name, this.defaultBranch);
        this.actions = new Actions(this);
    }

    get owner() {
        return this.name.split("/")[0];
    }

    apply(order) {
        const { issues = [], generate = 0, labels = [], milestones = [], comments = [], releases = [] } = order;
        this.history.apply(order);
        this.actions.apply(order);
        Object.assign(this.settings, order.settings);
        for (let number = 1; number <= generate; ++number) this.setIssue({ ...generated(number), isGenerated: true });
        for (const label of labels) this.label(label);
        for (const milestone of milestones) this.addMilestone(milestone);
        for (const issue of issues) this.setIssue(issue);
        for (const comment of comments) this.addComment(comment.issue, comment);
        for (const release of releases) this.addRelease(release);
    }

    setIssue(issue) {
        for (const name of issue.labels ?? []) this.label({ name });
        this.issues.set(issue.number, complete(this, issue));
        if (issue.kind === "transferred") this.store.issueAt(issue.moved_to);
    }

    createIssue(issue) {
        const now = iso();
        const number = Math.max(0, ...this.issues.keys()) + 1;
        this.setIssue({ ...issue, number, created_at: now, updated_at: now, lag: this.store.lag });
        return this.issues.get(number);
    }

    // The issue under a number; for a transferred one, what it has become. null when it was deleted or never was.
    issue(number) {
        const issue = this.issues.get(number);
        if (!issue || issue.kind === "deleted") return null;
        return issue.kind === "transferred" ? this.store.issueAt(issue.moved_to) : issue;
    }

    // Those that are here, newest first; one that lists do not show yet comes a list closer to it.
    listedIssues() {
        const listed = [];
        for (const issue of this.issues.values()) {
            if (issue.kind === "deleted" || issue.kind === "transferred") continue;
            if (issue.lag > 0) issue.lag -= 1;
            else listed.push(issue);
        }
        return listed.sort((a, b) => b.number - a.number);
    }

    // The label of that name, made where there is none, as GitHub does for a label put on an issue.
    label({ name, color = "ededed", description = null }) {
        const key = name.toLowerCase();
        if (!this.labels.has(key)) this.labels.set(key, { id: this.store.nextId(), name, color, description });
        return this.labels.get(key);
    }

    addMilestone(milestone) {
        const number = Math.max(0, ...this.milestones.keys()) + 1;
        const now = iso();
        const added = {
            id: this.store.nextId(),
            number,
            state: "open",
            description: null,
            due_on: null,
            created_at: now,
            updated_at: now,
            closed_at: null,
            creator: "tester",
            ...milestone,
        };
        this.milestones.set(added.number, added);
        return added;
    }

    addComment(
        issue,
        { body, user = "tester", created_at: created = iso(), author_association: association = associationOf(user) },
    ) {
        const comment = {
            id: this.store.nextId(),
            issue,
            body,
            user,
            created_at: created,
            updated_at: created,
            author_association: association,
        };
        this.comments.set(comment.id, comment);
        return comment;
    }

    addRelease(release) {
        const now = iso();
        const complete = {
            id: this.store.nextId(),
            name: null,
            body: null,
            draft: false,
            prerelease: false,
            target_commitish: this.defaultBranch,
            author: "tester",
            created_at: now,
            published_at: release.draft ? null : now,
            assets: [],
            ...release,
        };
        this.releases.set(complete.id, complete);
        if (!complete.draft && !this.history.tags.has(complete.tag_name)) {
            this.history.tags.set(complete.tag_name, this.history.resolve(complete.target_commitish).sha);
        }
        return complete;
    }

    commentsOf(number) {
        return [...this.comments.values()].filter((comment) => comment.issue === number);
    }
}
