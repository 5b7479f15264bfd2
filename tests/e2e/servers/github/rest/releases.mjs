// Releases. One is kept as { id, tag_name, name, body, draft, prerelease, target_commitish, author, created_at,
// published_at }.
import { iso } from "../store/issues.mjs";
import { nodeId, userBody } from "./bodies.mjs";
import { created, invalid, noContent, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

const web = "https://github.com";

function releaseBody({ origin, repository }, release) {
    const url = `${origin}/repos/${repository.name}`;
    const { id, tag_name: name, author, ...rest } = release;
    const tag = encodeURI(name);
    return {
        ...skeleton("release"),
        ...rest,
        id,
        tag_name: name,
        node_id: nodeId("RE", id),
        author: userBody(origin, author),
        url: `${url}/releases/${id}`,
        assets_url: `${url}/releases/${id}/assets`,
        html_url: `${web}/${repository.name}/releases/tag/${tag}`,
        upload_url: `${url}/releases/${id}/assets{?name,label}`,
        tarball_url: `${url}/tarball/${tag}`,
        zipball_url: `${url}/zipball/${tag}`,
    };
}

// Newest first, drafts before all.
function newestFirst({ repository }) {
    return [...repository.releases.values()].reverse();
}

function one(call, fits) {
    const found = newestFirst(call).find(fits);
    return found ? ok(releaseBody(call, found)) : notFound();
}

function create(call) {
    const { repository, body, login } = call;
    if ([...repository.releases.values()].some((each) => each.tag_name === body.tag_name)) {
        return invalid("Release", "tag_name", "already_exists");
    }
    const { make_latest: _, generate_release_notes: __, discussion_category_name: ___, ...rest } = body;
    return created(releaseBody(call, repository.addRelease({ ...rest, author: login })));
}

function update(call) {
    const release = call.repository.releases.get(call.params.release_id);
    if (!release) return notFound();
    const { make_latest: _, discussion_category_name: __, ...changes } = call.body ?? {};
    Object.assign(release, changes);
    if (!release.draft) release.published_at ??= iso();
    return ok(releaseBody(call, release));
}

export const releases = {
    "repos/list-releases": (call) => page(call, newestFirst(call), (release) => releaseBody(call, release)),
    "repos/get-release": (call) => one(call, (release) => release.id === call.params.release_id),
    "repos/get-latest-release": (call) => one(call, (release) => !release.draft && !release.prerelease),
    "repos/get-release-by-tag": (call) =>
        one(call, (release) => release.tag_name === call.params.tag && !release.draft),
    "repos/create-release": create,
    "repos/update-release": update,
    "repos/delete-release": ({ repository, params }) =>
        repository.releases.delete(params.release_id) ? noContent() : notFound(),
};
