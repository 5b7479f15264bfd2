// What git keeps: blobs by the ids that git gives them, trees and commits by a hash of what they say, and refs.
import { createHash } from "node:crypto";
import { sha1 } from "../store/history.mjs";
import { created, described, failure, noContent, notFound, ok } from "./replies.mjs";

const address = ({ origin, repository }, kind, id) => `${origin}/repos/${repository.name}/git/${kind}/${id}`;

function createBlob(call) {
    const { repository, body } = call;
    const bytes = Buffer.from(body.content, body.encoding === "base64" ? "base64" : "utf8");
    const sha = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    repository.blobs.set(sha, bytes);
    return created({ sha, url: address(call, "blobs", sha) });
}

function getBlob(call) {
    const bytes = call.repository.blobs.get(call.params.file_sha);
    if (!bytes) return notFound();
    const sha = call.params.file_sha;
    return ok(
        described(call, 200, {
            sha,
            url: address(call, "blobs", sha),
            size: bytes.length,
            encoding: "base64",
            content: bytes.toString("base64"),
        }),
    );
}

function createTree(call) {
    const { repository, body } = call;
    const base = body.base_tree ? (repository.trees.get(body.base_tree) ?? []) : [];
    const changed = new Map(base.map((entry) => [entry.path, entry]));
    for (const { path, mode, type, sha, content } of body.tree) {
        if (sha === null) changed.delete(path);
        else changed.set(path, { path, mode, type, sha: sha ?? sha1(`blob ${content}`) });
    }
    const entries = [...changed.values()];
    const sha = sha1(JSON.stringify(entries));
    repository.trees.set(sha, entries);
    return created({ sha, url: address(call, "trees", sha), truncated: false, tree: entries });
}

function getTree(call) {
    const entries = call.repository.trees.get(call.params.tree_sha);
    if (!entries) return notFound();
    const sha = call.params.tree_sha;
    return ok({ sha, url: address(call, "trees", sha), truncated: false, tree: entries });
}

function createCommit(call) {
    const { repository, body } = call;
    const sha = sha1(JSON.stringify(body));
    const parents = body.parents ?? [];
    if (!repository.history.resolve(sha))
        repository.history.apply({ commits: [{ sha, message: body.message, parents }] });
    return created(
        described(call, 201, {
            sha,
            message: body.message,
            tree: { sha: body.tree, url: address(call, "trees", body.tree) },
            parents: parents.map((each) => ({
                sha: each,
                url: address(call, "commits", each),
                html_url: "https://github.com/",
            })),
            url: address(call, "commits", sha),
        }),
    );
}

function createTag(call) {
    const { repository, body } = call;
    const sha = sha1(JSON.stringify(body));
    repository.tagObjects.set(sha, body);
    return created(
        described(call, 201, {
            sha,
            tag: body.tag,
            message: body.message,
            object: { sha: body.object, type: body.type, url: address(call, "commits", body.object) },
            url: address(call, "tags", sha),
        }),
    );
}

// Refs: "heads/NAME" and "tags/NAME".

const kinds = { heads: "branches", tags: "tags" };

function placeOf({ history }, ref) {
    const [, kind, name] = /^(?:refs\/)?(heads|tags)\/(.+)$/.exec(ref) ?? [];
    return kind ? { map: history[kinds[kind]], name } : null;
}

function refBody(call, ref, sha) {
    const type = call.repository.tagObjects.has(sha) ? "tag" : "commit";
    return {
        ref,
        node_id: "REF",
        url: address(call, "refs", ref.replace(/^refs\//, "")),
        object: { sha, type, url: address(call, type === "tag" ? "tags" : "commits", sha) },
    };
}

const isKnown = ({ history, tagObjects }, sha) => history.resolve(sha) !== null || tagObjects.has(sha);

function createRef(call) {
    const { repository, body } = call;
    const place = placeOf(repository, body.ref);
    if (!place) return failure(422, "Reference name must start with 'refs/'");
    if (place.map.has(place.name)) return failure(422, "Reference already exists");
    if (!isKnown(repository, body.sha)) return failure(422, "Object does not exist");
    place.map.set(place.name, body.sha);
    return created(refBody(call, body.ref, body.sha));
}

function updateRef(call) {
    const { repository, params, body } = call;
    const place = placeOf(repository, params.ref);
    if (!place?.map.has(place.name)) return failure(422, "Reference does not exist");
    if (!isKnown(repository, body.sha)) return failure(422, "Object does not exist");
    place.map.set(place.name, body.sha);
    return ok(refBody(call, `refs/${params.ref}`, body.sha));
}

function deleteRef({ repository, params }) {
    const place = placeOf(repository, params.ref);
    return place?.map.delete(place.name) ? noContent() : failure(422, "Reference does not exist");
}

function getRef(call) {
    const place = placeOf(call.repository, call.params.ref);
    const sha = place?.map.get(place.name);
    return sha ? ok(refBody(call, `refs/${call.params.ref}`, sha)) : notFound();
}

function matchingRefs(call) {
    const { history } = call.repository;
    const all = [
        ...[...history.branches].map(([name, sha]) => [`heads/${name}`, sha]),
        ...[...history.tags].map(([name, sha]) => [`tags/${name}`, sha]),
    ];
    const found = all.filter(([name]) => name.startsWith(call.params.ref));
    return ok(found.map(([name, sha]) => refBody(call, `refs/${name}`, sha)));
}

export const gitData = {
    "git/create-blob": createBlob,
    "git/get-blob": getBlob,
    "git/create-tree": createTree,
    "git/get-tree": getTree,
    "git/create-commit": createCommit,
    "git/create-tag": createTag,
    "git/create-ref": createRef,
    "git/update-ref": updateRef,
    "git/delete-ref": deleteRef,
    "git/get-ref": getRef,
    "git/list-matching-refs": matchingRefs,
};
