// Commits of a repository, the branches and tags that name them, and the files of the tip.
//
// A commit is { sha, message, author: login, date, parents: [ sha ], files: [ { filename, status, additions, deletions,
// patch, previous_filename } ] }; who makes one may leave out all. Each follows the one before it unless it names its
// parents.
import { createHash } from "node:crypto";
import { iso } from "./issues.mjs";

const begin = Date.parse("2026-01-01T00:00:00Z");

export const sha1 = (text) => createHash("sha1").update(text).digest("hex");

export class History {
    #commits = new Map(); // by sha, in the order that they were made
    branches = new Map();
    tags = new Map();
    files = new Map(); // text by path, at the tip of the default branch

    constructor(name, defaultBranch) {
        Object.assign(this, { name, defaultBranch });
        this.#add({ message: "Begin", files: [] });
    }

    apply({ commits = [], branches = {}, tags = {}, files = {} }) {
        for (const commit of commits) this.#add(commit);
        for (const [name, sha] of Object.entries(branches)) this.branches.set(name, sha);
        for (const [name, sha] of Object.entries(tags)) this.tags.set(name, sha);
        for (const [path, text] of Object.entries(files)) this.files.set(path, text);
    }

    #add(commit) {
        const count = this.#commits.size;
        const before = this.branches.get(this.defaultBranch);
        const complete = {
            sha: sha1(`${this.name} ${count}`),
            message: `Change ${count}`,
            author: "tester",
            date: iso(begin + count * 3600_000),
            parents: before ? [before] : [],
            files: [],
            ...commit,
        };
        this.#commits.set(complete.sha, complete);
        if (!commit.parents) this.branches.set(this.defaultBranch, complete.sha);
    }

    get tip() {
        return this.#commits.get(this.branches.get(this.defaultBranch));
    }

    // The commit that a branch, a tag, a hash or the beginning of one names; null when there is none.
    resolve(ref) {
        const name = ref.replace(/^(refs\/)?(heads|tags)\//, "");
        const sha = name === "HEAD" ? this.tip.sha : (this.branches.get(name) ?? this.tags.get(name) ?? ref);
        if (this.#commits.has(sha)) return this.#commits.get(sha);
        const found = sha.length < 4 ? [] : [...this.#commits.keys()].filter((each) => each.startsWith(sha));
        return found.length === 1 ? this.#commits.get(found[0]) : null;
    }

    // A commit and what it comes from, newest first.
    ancestry(commit) {
        const found = new Set([commit]);
        for (const each of found) {
            for (const sha of each.parents) if (this.#commits.has(sha)) found.add(this.#commits.get(sha));
        }
        return [...found].sort((a, b) => Date.parse(b.date) - Date.parse(a.date));
    }

    // { ahead, behind: [ commit ] oldest first, base: the newest commit that both come from, or null }
    compare(base, head) {
        const ours = this.ancestry(base),
            theirs = this.ancestry(head);
        return {
            ahead: theirs.filter((commit) => !ours.includes(commit)).reverse(),
            behind: ours.filter((commit) => !theirs.includes(commit)).reverse(),
            base: theirs.find((commit) => ours.includes(commit)) ?? null,
        };
    }
}
