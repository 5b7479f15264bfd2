// A GitHub App: itself, where it is installed, and the tokens that it is given there. See access.mjs for who may ask.
import { iso } from "../store/issues.mjs";
import { nodeId, numberOf, repositoryBody, userBody } from "./bodies.mjs";
import { created, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

const permissions = { contents: "read", issues: "write", metadata: "read" };

function appBody({ origin, access }) {
    const { id } = access.app;
    return {
        ...skeleton("integration"),
        id: Number(id) || numberOf(String(id)),
        node_id: nodeId("A", id),
        slug: "test-app",
        name: "Test App",
        owner: userBody(origin, "tester"),
        permissions,
        events: ["issues"],
        external_url: "https://example.org",
        html_url: "https://github.com/apps/test-app",
        created_at: "2026-01-01T00:00:00Z",
        updated_at: "2026-01-01T00:00:00Z",
    };
}

function installationBody({ origin, access }, [place, id]) {
    const account = userBody(origin, place.split("/")[0]);
    return {
        ...skeleton("installation"),
        id,
        account,
        app_id: Number(access.app.id) || 1,
        app_slug: "test-app",
        target_id: account.id,
        target_type: "User",
        permissions,
        events: ["issues"],
        repository_selection: place.includes("/") ? "selected" : "all",
        access_tokens_url: `${origin}/app/installations/${id}/access_tokens`,
        repositories_url: `${origin}/installation/repositories`,
        html_url: `https://github.com/settings/installations/${id}`,
    };
}

// In this list the description wants of an account what users have and what enterprises have.
function listedBody(call, entry) {
    const body = installationBody(call, entry);
    const { login } = body.account;
    return {
        ...body,
        account: {
            ...body.account,
            name: login,
            slug: login,
            created_at: body.created_at,
            updated_at: body.updated_at,
        },
    };
}

const one = (call, fits) => {
    const found = Object.entries(call.access.app.installations).find(fits);
    return found ? ok(installationBody(call, found)) : notFound();
};

const sameName = (a, b) => a.toLowerCase() === b.toLowerCase();

function ofRepository(call) {
    const { owner, repo } = call.params;
    return one(call, ([place]) => sameName(place, owner) || sameName(place, `${owner}/${repo}`));
}

const ofAccount = (name) => (call) => one(call, ([place]) => sameName(place.split("/")[0], call.params[name]));

function createToken(call) {
    const { access, params, body = {}, store, origin } = call;
    const found = Object.entries(access.app.installations).find(([, id]) => id === params.installation_id);
    if (!found) return notFound();
    const { token, expires } = access.issueToken(params.installation_id);
    const repositories = (body.repositories ?? []).map((name) => store.repository(`${found[0].split("/")[0]}/${name}`));
    if (repositories.includes(null)) return notFound();
    return created({
        token,
        expires_at: iso(expires),
        permissions: body.permissions ?? permissions,
        repository_selection: repositories.length > 0 ? "selected" : "all",
        ...(repositories.length > 0
            ? { repositories: repositories.map((each) => repositoryBody(origin, each, "repository")) }
            : {}),
    });
}

export const apps = {
    "apps/get-authenticated": (call) => ok(appBody(call)),
    "apps/list-installations": (call) =>
        page(call, Object.entries(call.access.app.installations), (each) => listedBody(call, each)),
    "apps/get-installation": (call) => one(call, ([, id]) => id === call.params.installation_id),
    "apps/get-repo-installation": ofRepository,
    "apps/get-org-installation": ofAccount("org"),
    "apps/get-user-installation": ofAccount("username"),
    "apps/create-installation-access-token": createToken,
};
