// Search: the words of a query must be in what is found, its qualifiers must fit.
import { issueBody } from "./bodies.mjs";
import { counted, page } from "./replies.mjs";

const found = (name) => (list, total) => ({ ...counted(name)(list, total), incomplete_results: false, search_type: "lexical" });

// { words: [ text ], qualifiers: [ [ name, value ] ] } of a query; quoted text is one word.
function parse(query) {
    const words = [], qualifiers = [];
    for (const [, name, quoted, plain] of query.matchAll(/(?:([\w-]+):)?(?:"([^"]*)"|(\S+))/g)) {
        const value = quoted ?? plain;
        if (name) qualifiers.push([name, value]);
        else words.push(value.toLowerCase());
    }
    return { words, qualifiers };
}

const fits = {
    repo: (issue, value) => issue.repository.name.toLowerCase() === value.toLowerCase(),
    is: (issue, value) => ({
        open: issue.state === "open", closed: issue.state !== "open", issue: issue.kind === "issue",
        pr: issue.kind === "pull_request", "pull-request": issue.kind === "pull_request", merged: issue.state === "merged",
    })[value] ?? true,
    state: (issue, value) => (issue.state === "open") === (value === "open"),
    type: (issue, value) => fits.is(issue, value),
    label: (issue, value) => issue.labels.includes(value),
    author: (issue, value) => issue.user === value,
    assignee: (issue, value) => issue.assignees.includes(value),
};

function matches(issue, { words, qualifiers }) {
    const text = `${issue.title} ${issue.body ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word))
        && qualifiers.every(([name, value]) => fits[name]?.(issue, value) ?? true);
}

function issues(call) {
    const query = parse(call.query.q);
    const all = call.store.all().filter((repository) => !repository.isPrivate);
    const hits = all.flatMap((repository) => repository.listedIssues()).filter((issue) => matches(issue, query));
    if (call.query.order === "asc") hits.reverse();
    return page(call, hits, (issue) => ({ ...issueBody(call.origin, issue), score: 1 }), found("items"));
}

export const search = {
    "search/issues-and-pull-requests": issues,
};
