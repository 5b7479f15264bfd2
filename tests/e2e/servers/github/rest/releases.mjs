// Releases. One is kept as { id, tag_name, name, body, draft, prerelease, target_commitish, author, created_at,
// published_at }.
import { iso } from "../store/issues.mjs";
import { nodeId, userBody } from "./bodies.mjs";
import { created, described, invalid, noContent, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

const web = "https://github.com";

function assetBody(origin, repository, { id, name, uploader, bytes: _, ...rest }) {
    return {
        ...skeleton("release-asset"),
        ...rest,
        id,
        name,
        node_id: nodeId("RA", id),
        uploader: userBody(origin, uploader),
        url: `${origin}/repos/${repository.name}/releases/assets/${id}`,
        browser_download_url: `${web}/${repository.name}/releases/download/${encodeURIComponent(name)}`,
    };
}

function releaseBody({ origin, repository }, release) {
    const url = `${origin}/repos/${repository.name}`;
    const { id, tag_name: name, author, assets, ...rest } = release;
    const tag = encodeURI(name);
    return {
        ...skeleton("release"),
        ...rest,
        id,
        tag_name: name,
        node_id: nodeId("RE", id),
        author: userBody(origin, author),
        assets: assets.map((asset) => assetBody(origin, repository, asset)),
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
    const isTaken = [...repository.releases.values()].some((each) => each.tag_name === body.tag_name && !each.draft);
    if (isTaken && !body.draft) return invalid("Release", "tag_name", "already_exists");
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

const withRelease = (handle) => (call) => {
    const release = call.repository.releases.get(call.params.release_id);
    return release ? handle(call, release) : notFound();
};

const withAsset = (handle) => (call) => {
    for (const release of call.repository.releases.values()) {
        const asset = release.assets.find((each) => each.id === call.params.asset_id);
        if (asset) return handle(call, asset, release);
    }
    return notFound();
};

function upload(call, release) {
    const { repository, query, text, headers, login, origin } = call;
    if (release.assets.some((asset) => asset.name === query.name))
        return invalid("ReleaseAsset", "name", "already_exists");
    const now = iso();
    const asset = {
        id: repository.store.nextId(),
        name: query.name,
        label: query.label ?? "",
        uploader: login,
        state: "uploaded",
        content_type: headers["content-type"],
        size: Buffer.byteLength(text),
        digest: null,
        download_count: 0,
        created_at: now,
        updated_at: now,
        bytes: Buffer.from(text),
    };
    release.assets.push(asset);
    return created(assetBody(origin, repository, asset));
}

function fetchAsset(call, asset) {
    if (call.headers.accept !== "application/octet-stream")
        return ok(assetBody(call.origin, call.repository, asset));
    const location = call.blobs.put({ type: asset.content_type, bytes: asset.bytes });
    return { status: 302, headers: { location } };
}

export const releases = {
    "repos/upload-release-asset": withRelease(upload),
    "repos/list-release-assets": withRelease((call, release) =>
        page(call, release.assets, (asset) => assetBody(call.origin, call.repository, asset)),
    ),
    "repos/get-release-asset": withAsset(fetchAsset),
    "repos/delete-release-asset": withAsset((_call, asset, release) => {
        release.assets.splice(release.assets.indexOf(asset), 1);
        return noContent();
    }),
    "repos/generate-release-notes": (call) =>
        ok(described(call, 200, { name: call.body.tag_name, body: `Changes of ${call.body.tag_name}` })),
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
