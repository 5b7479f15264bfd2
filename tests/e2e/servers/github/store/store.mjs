// What GitHub knows: repositories by name, old names of renamed ones, numbers that are never given twice.
import { Repository } from "./repository.mjs";

const wanted = /^[^/]+\/[^/]+$/;

export class Store {
    #repositories = new Map(); // by name in lower case
    #renamed = new Map();
    #lastId = 1000;
    lag = 0; // for how many lists an issue created from now on stays out of them

    nextId() {
        return ++this.#lastId;
    }

    // See server.mjs for what `order` may hold.
    apply(order) {
        if (order.lag !== undefined) this.lag = order.lag;
        for (const [key, property] of [
            ["private", "isPrivate"],
            ["members_only", "isMembersOnly"],
            ["issues_disabled", "issuesDisabled"],
        ]) {
            if (order[key]) this.#ensure(order[key])[property] = true;
        }
        if (!order.repository) return;
        if (order.renamed_to) {
            this.#checkName(order.repository);
            this.#renamed.set(order.repository.toLowerCase(), order.renamed_to);
            return;
        }
        this.#ensure(order.repository).apply(order);
    }

    #checkName(name) {
        if (!wanted.test(name)) throw new Error(`no repository name: ${name}`);
    }

    #ensure(name) {
        return this.repository(name) ?? this.#add(name);
    }

    #add(name) {
        this.#checkName(name);
        const repository = new Repository(this, this.nextId(), name);
        this.#repositories.set(name.toLowerCase(), repository);
        return repository;
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
        return this.all().find((repository) => repository.id === id) ?? null;
    }

    all() {
        return [...this.#repositories.values()];
    }

    // The issue "owner/name#number", made where there is none.
    issueAt(reference) {
        const [name, digits] = reference.split("#");
        const repository = this.#ensure(name);
        const number = Number(digits);
        if (!repository.issues.has(number)) repository.setIssue({ number });
        return repository.issues.get(number);
    }
}
