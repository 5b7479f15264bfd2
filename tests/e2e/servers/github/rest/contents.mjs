// Files and folders. Those of the default branch are kept; a `ref` must name a commit, and shows the same. In place of
// its text a file may have { target } (a symlink that leads out of the repository) or { submodule: address }.
import { sha1 } from "../store/history.mjs";
import { created, described, failure, invalid, notFound, ok } from "./replies.mjs";

const web = "https://github.com";
const largestInline = 1024 * 1024;

const shaOf = ({ history }, path, type) => sha1(`${type} ${path} ${type === "file" ? history.files.get(path) : ""}`);

function entryBody({ origin, repository }, path, type, size) {
    const url = `${origin}/repos/${repository.name}`;
    const sha = shaOf(repository, path, type);
    const git = `${url}/git/${type === "dir" ? "trees" : "blobs"}/${sha}`;
    const seen = encodeURI(
        `${web}/${repository.name}/${type === "dir" ? "tree" : "blob"}/${repository.defaultBranch}/${path}`,
    );
    const self = `${url}/contents/${encodeURI(path)}?ref=${repository.defaultBranch}`;
    return {
        type,
        size,
        name: path.split("/").pop(),
        path,
        sha,
        url: self,
        git_url: git,
        html_url: seen,
        download_url:
            type === "dir"
                ? null
                : encodeURI(`https://raw.githubusercontent.com/${repository.name}/${repository.defaultBranch}/${path}`),
        _links: { self, git, html: seen },
    };
}

// In lines of 60 characters, as GitHub encodes it; what is larger than a megabyte has no text here.
function fileBody(call, path, text) {
    const bytes = Buffer.from(text);
    const isInline = bytes.length <= largestInline;
    const content = isInline ? bytes.toString("base64").replace(/.{60}/g, "$&\n") : "";
    return { ...entryBody(call, path, "file", bytes.length), content, encoding: isInline ? "base64" : "none" };
}

const typeOf = (file) => (typeof file === "string" ? "file" : file.submodule ? "submodule" : "symlink");

function linkBody(call, path, file) {
    const body = entryBody(call, path, typeOf(file), 0);
    return file.submodule ? { ...body, submodule_git_url: file.submodule } : { ...body, target: file.target };
}

// A folder is a list, unless an object is asked for.
function folderBody(call, path, entries) {
    if (!/application\/vnd\.github\.(v3\.)?object/.test(call.headers.accept ?? "")) return ok(entries);
    const body = { ...entryBody(call, path, "dir", 0), entries };
    return { status: 200, type: "application/vnd.github.object+json; charset=utf-8", body };
}

function entriesOf(call, folder) {
    const begin = folder === "" ? "" : `${folder}/`;
    const entries = new Map();
    for (const [path, text] of call.repository.history.files) {
        if (!path.startsWith(begin)) continue;
        const [name, ...deeper] = path.slice(begin.length).split("/");
        const type = deeper.length > 0 ? "dir" : typeOf(text);
        entries.set(name, entryBody(call, begin + name, type, type === "file" ? Buffer.byteLength(text) : 0));
    }
    return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function get(call) {
    const { repository, params, query, headers } = call;
    if (query.ref && !repository.history.resolve(query.ref))
        return failure(404, `No commit found for the ref ${query.ref}`);
    const path = params.path.replace(/^\/+|\/+$/g, "");
    const text = repository.history.files.get(path);
    if (text === undefined) {
        const entries = entriesOf(call, path);
        return entries.length > 0 ? folderBody(call, path, entries) : notFound();
    }
    if (typeOf(text) !== "file") return ok(linkBody(call, path, text));
    if (/application\/vnd\.github\.(v3\.)?raw/.test(headers.accept ?? "")) {
        return { status: 200, type: "application/vnd.github.raw+json; charset=utf-8", body: text };
    }
    return ok(fileBody(call, path, text));
}

// A change of one file in a commit of its own: `text` is what it holds then, undefined for nothing.
function change(call, text) {
    const { repository, params, body, login } = call;
    const path = params.path.replace(/^\/+|\/+$/g, "");
    const isThere = repository.history.files.has(path);
    const sha = isThere ? shaOf(repository, path, "file") : undefined;
    if (text === undefined && !isThere) return notFound();
    if (isThere && !body.sha) return invalid("Contents", "sha", "missing_field", '"sha" wasn\'t supplied.');
    if (body.sha && body.sha !== sha) return failure(409, `${path} does not match ${body.sha}`);
    if (text === undefined) repository.history.files.delete(path);
    else repository.history.files.set(path, text);
    const status = text === undefined ? "removed" : isThere ? "modified" : "added";
    const files = [{ filename: path, status }];
    repository.history.apply({ commits: [{ message: body.message, author: login, files }] });
    const commit = { sha: repository.history.tip.sha, message: body.message };
    const content = text === undefined ? null : entryBody(call, path, "file", Buffer.byteLength(text));
    const code = text !== undefined && !isThere ? 201 : 200;
    const answer = described(call, code, { content, commit });
    return code === 201 ? created(answer) : ok(answer);
}

export const contents = {
    "repos/get-content": get,
    "repos/create-or-update-file-contents": (call) =>
        change(call, Buffer.from(call.body.content, "base64").toString()),
    "repos/delete-file": (call) => change(call, undefined),
};
