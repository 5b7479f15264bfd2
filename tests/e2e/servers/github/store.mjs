// Repositories and their issues. An issue is { number, kind: "issue" | "pull_request" | "transferred" | "deleted",
// state: "open" | "closed" | "merged", state_reason, title, closed_at, moved_to: "o/n#5" }; what is left out is filled in.
const wanted = /^[^/]+\/[^/]+$/;

function generated(number) {
    if (number % 50 === 0) return { number, kind: "deleted" };
    if (number % 10 === 7) return { number, kind: "pull_request", state: number % 20 === 7 ? "merged" : "open" };
    if (number % 4 === 0) return { number, kind: "issue", state: "open" };
    return { number, kind: "issue", state: "closed", state_reason: number % 3 === 0 ? "not_planned" : "completed" };
}

export class Store {
    #repositories = new Map();  // by name in lower case
    #renamed = new Map();

    apply({ repository, issues = [], generate = 0, renamed_to: renamedTo }) {
        if (!repository) return;
        if (!wanted.test(repository)) throw new Error(`no repository name: ${repository}`);
        if (renamedTo) return void this.#renamed.set(repository.toLowerCase(), renamedTo);
        const kept = this.repository(repository) ?? this.#add(repository);
        for (let number = 1; number <= generate; ++number) kept.issues.set(number, this.#complete(kept, generated(number)));
        for (const issue of issues) kept.issues.set(issue.number, this.#complete(kept, issue));
    }

    #add(name) {
        const repository = { id: 1000 + this.#repositories.size, full_name: name, issues: new Map() };
        this.#repositories.set(name.toLowerCase(), repository);
        return repository;
    }

    #complete(repository, issue) {
        const state = issue.state ?? "open";
        return {
            kind: "issue", state, title: `Issue ${issue.number}`, repository,
            state_reason: null, closed_at: state === "open" ? null : "2026-01-31T12:00:00Z", ...issue,
        };
    }

    // Also by an old name, as GitHub does.
    repository(name) {
        const today = this.#renamed.get(name.toLowerCase()) ?? name;
        return this.#repositories.get(today.toLowerCase()) ?? null;
    }

    isOldName(name) {
        return this.#renamed.has(name.toLowerCase());
    }

    byId(id) {
        return [...this.#repositories.values()].find((repository) => repository.id === id) ?? null;
    }

    // The issue under a number; for a transferred one, what it has become. null when it was deleted or never was.
    issue(repository, number) {
        const issue = repository.issues.get(number);
        if (!issue || issue.kind === "deleted") return null;
        if (issue.kind !== "transferred") return issue;
        const [name, newNumber] = issue.moved_to.split("#");
        const target = this.repository(name) ?? this.#add(name);
        return { ...issue, kind: "issue", number: Number(newNumber), repository: target };
    }
}
