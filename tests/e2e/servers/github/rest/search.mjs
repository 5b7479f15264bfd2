// Search: the words of a query must be in what is found, its qualifiers must fit.
import { sha1 } from "../store/history.mjs";
import { issueBody, repositoryBody } from "./bodies.mjs";
import { commitBody } from "./commits.mjs";
import { counted, page } from "./replies.mjs";

const found = (more) => (list, total) => ({ ...counted("items")(list, total), incomplete_results: false, ...more });

// { words: [ text ], qualifiers: [ [ name, value ] ] } of a query; quoted text is one word.
function parse(query) {
    const words = [];
    const qualifiers = [];
    for (const [, name, quoted, plain] of query.matchAll(/(?:([\w-]+):)?(?:"([^"]*)"|(\S+))/g)) {
        const value = quoted ?? plain;
        if (name) qualifiers.push([name, value]);
        else words.push(value.toLowerCase());
    }
    return { words, qualifiers };
}

// Those whose text has all the words and that fit the qualifiers that `fits` knows.
function matches({ words, qualifiers }, text, fitsOf) {
    const whole = text.toLowerCase();
    return (
        words.every((word) => whole.includes(word)) &&
        qualifiers.every(([name, value]) => fitsOf[name]?.(value) ?? true)
    );
}

const visible = ({ store }) => store.all().filter((repository) => !repository.isPrivate);

const ofRepository = (repository) => ({
    repo: (value) => repository.name.toLowerCase() === value.toLowerCase(),
    user: (value) => repository.owner === value,
    org: (value) => repository.owner === value,
});

function fitsOf(issue) {
    const is = (value) =>
        ({
            open: issue.state === "open",
            closed: issue.state !== "open",
            issue: issue.kind === "issue",
            pr: issue.kind === "pull_request",
            "pull-request": issue.kind === "pull_request",
            merged: issue.state === "merged",
        })[value] ?? true;
    return {
        ...ofRepository(issue.repository),
        is,
        type: is,
        state: is,
        label: (value) => issue.labels.includes(value),
        author: (value) => issue.user === value,
        assignee: (value) => issue.assignees.includes(value),
    };
}

function answer(call, hits, show, more = {}) {
    if (call.query.order === "asc") hits.reverse();
    return page(call, hits, (hit) => ({ ...show(hit), score: 1 }), found(more));
}

function issues(call) {
    const query = parse(call.query.q);
    const hits = visible(call)
        .flatMap((repository) => repository.listedIssues())
        .filter((issue) => matches(query, `${issue.title} ${issue.body ?? ""}`, fitsOf(issue)));
    const show = (issue) => {
        const { body, closed_by: _, ...rest } = issueBody(call.origin, issue);
        return body === null ? rest : { ...rest, body }; // the description knows no null here
    };
    return answer(call, hits, show, { search_type: "lexical" });
}

function commits(call) {
    const query = parse(call.query.q);
    const hits = visible(call).flatMap((repository) =>
        repository.history
            .ancestry(repository.history.tip)
            .filter((commit) =>
                matches(query, commit.message, {
                    ...ofRepository(repository),
                    author: (value) => commit.author === value,
                }),
            )
            .map((commit) => ({ repository, commit })),
    );
    return answer(call, hits, ({ repository, commit }) => {
        const body = commitBody(call.origin, repository, commit);
        // Who committed is given by name here, where a commit by itself has the account.
        return { ...body, committer: body.commit.committer, repository: repositoryBody(call.origin, repository) };
    });
}

function code(call) {
    const query = parse(call.query.q);
    const hits = visible(call).flatMap((repository) =>
        [...repository.history.files]
            .filter(([path, text]) =>
                matches(query, text, { ...ofRepository(repository), path: (value) => path.startsWith(value) }),
            )
            .map(([path]) => ({ repository, path })),
    );
    return answer(call, hits, ({ repository, path }) => {
        const url = `${call.origin}/repos/${repository.name}`,
            sha = sha1(`file ${path} ${repository.history.files.get(path)}`);
        return {
            name: path.split("/").pop(),
            path,
            sha,
            url: `${url}/contents/${path}`,
            git_url: `${url}/git/blobs/${sha}`,
            html_url: `https://github.com/${repository.name}/blob/main/${path}`,
            repository: repositoryBody(call.origin, repository),
        };
    });
}

function repositories(call) {
    const query = parse(call.query.q);
    const hits = visible(call).filter((repository) => matches(query, repository.name, ofRepository(repository)));
    return answer(call, hits, (repository) => repositoryBody(call.origin, repository, "repo-search-result-item"));
}

export const search = {
    "search/issues-and-pull-requests": issues,
    "search/commits": commits,
    "search/code": code,
    "search/repos": repositories,
};
