// Commits, comparisons, branches and tags.
import { sha1 } from "../store/history.mjs";
import { skeleton } from "../store/skeleton.mjs";
import { nodeId, userBody } from "./bodies.mjs";
import { failure, notFound, ok, page } from "./replies.mjs";

const web = "https://github.com";

// GitHub names a commit that is not there in two ways, by how the path asked.
export const noCommit = (ref) => failure(422, `No commit found for SHA: ${ref}`);

export function fileBody(origin, repository, commit, file) {
    const { additions = 0, deletions = 0, filename } = file;
    const path = `${repository.name}/${"blob"}/${commit.sha}/${filename}`;
    return {
        sha: sha1(filename),
        filename,
        status: "modified",
        additions,
        deletions,
        changes: additions + deletions,
        blob_url: `${web}/${path}`,
        raw_url: `${web}/${path.replace("/blob/", "/raw/")}`,
        contents_url: `${origin}/repos/${repository.name}/contents/${encodeURI(filename)}?ref=${commit.sha}`,
        ...file,
    };
}

export function commitBody(origin, repository, commit) {
    const url = `${origin}/repos/${repository.name}`;
    const person = { name: commit.author, email: `${commit.author}@example.org`, date: commit.date };
    const tree = sha1(`tree ${commit.sha}`);
    return {
        ...skeleton("commit"),
        sha: commit.sha,
        node_id: nodeId("C", commit.sha),
        url: `${url}/commits/${commit.sha}`,
        html_url: `${web}/${repository.name}/commit/${commit.sha}`,
        comments_url: `${url}/commits/${commit.sha}/comments`,
        commit: {
            author: person,
            committer: person,
            message: commit.message,
            comment_count: 0,
            url: `${url}/git/commits/${commit.sha}`,
            tree: { sha: tree, url: `${url}/git/trees/${tree}` },
        },
        author: userBody(origin, commit.author),
        committer: userBody(origin, commit.author),
        parents: commit.parents.map((sha) => ({
            sha,
            url: `${url}/commits/${sha}`,
            html_url: `${web}/${repository.name}/commit/${sha}`,
        })),
    };
}

// With what it changed, as a commit by itself is shown.
function wholeCommit(origin, repository, commit) {
    const files = commit.files.map((file) => fileBody(origin, repository, commit, file));
    const sum = (key) => files.reduce((total, file) => total + file[key], 0);
    const stats = { additions: sum("additions"), deletions: sum("deletions"), total: sum("changes") };
    return { ...commitBody(origin, repository, commit), stats, files };
}

function get({ origin, repository, params, headers }) {
    const commit = repository.history.resolve(params.ref);
    if (!commit) return noCommit(params.ref);
    if (headers.accept?.includes("vnd.github.sha"))
        return { status: 200, type: "application/vnd.github.sha", body: commit.sha };
    return ok(wholeCommit(origin, repository, commit));
}

function list(call) {
    const { repository, query, origin } = call;
    const { history } = repository;
    const from = query.sha ? history.resolve(query.sha) : history.tip;
    if (!from) return notFound();
    const found = history
        .ancestry(from)
        .filter(
            (commit) =>
                (!query.author || commit.author === query.author) &&
                (!query.committer || commit.author === query.committer) &&
                (!query.path ||
                    commit.files.some(
                        (file) => file.filename === query.path || file.filename.startsWith(`${query.path}/`),
                    )) &&
                (!query.since || Date.parse(commit.date) >= Date.parse(query.since)) &&
                (!query.until || Date.parse(commit.date) <= Date.parse(query.until)),
        );
    return page(call, found, (commit) => commitBody(origin, repository, commit));
}

function statusOf(ahead, behind) {
    if (ahead > 0 && behind > 0) return "diverged";
    return ahead > 0 ? "ahead" : behind > 0 ? "behind" : "identical";
}

function compare(call) {
    const { repository, params, origin } = call;
    const [base, head] = params.basehead ? params.basehead.split("...") : [params.base, params.head];
    const [from, to] = [base, head].map((ref) => repository.history.resolve(ref ?? ""));
    if (!from || !to) return notFound();
    const { ahead, behind, base: common } = repository.history.compare(from, to);
    if (!common) return failure(404, `No common ancestor between ${base} and ${head}.`);
    const files = new Map(
        ahead.flatMap((commit) =>
            commit.files.map((file) => [file.filename, fileBody(origin, repository, commit, file)]),
        ),
    );
    const show = (commit) => commitBody(origin, repository, commit);
    const url = `${origin}/repos/${repository.name}/compare/${base}...${head}`,
        seen = `${web}/${repository.name}/compare/${base}...${head}`;
    return page(call, ahead, show, (commits) => ({
        url,
        html_url: seen,
        permalink_url: seen,
        diff_url: `${seen}.diff`,
        patch_url: `${seen}.patch`,
        base_commit: show(from),
        merge_base_commit: show(common),
        status: statusOf(ahead.length, behind.length),
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        commits,
        files: [...files.values()],
    }));
}

function tagBody({ origin, repository }, [name, sha]) {
    const url = `${origin}/repos/${repository.name}`;
    return {
        name,
        node_id: nodeId("REF", name),
        commit: { sha, url: `${url}/commits/${sha}` },
        zipball_url: encodeURI(`${url}/zipball/refs/tags/${name}`),
        tarball_url: encodeURI(`${url}/tarball/refs/tags/${name}`),
    };
}

export const commits = {
    "repos/get-commit": get,
    "repos/list-commits": list,
    "repos/compare-commits": compare,
    "repos/compare-commits-with-basehead": compare,
    "repos/list-tags": (call) => page(call, [...call.repository.history.tags].reverse(), (tag) => tagBody(call, tag)),
};
