// How a repository is set up, as its `settings` have it: { protected: { branch: [ check ] }, rules: [ { branch, type,
// parameters } ], rulesets: [ … ], environments: [ name ], secrets: [ name ], hooks: [ { id, url, events } ], runners:
// [ … ], teams: { slug: [ login ] }, permissions: { login: "write" }, project_fields: [ … ], project_items: [ … ] }.
import { iso } from "../store/issues.mjs";
import { nodeId, userBody } from "./bodies.mjs";
import { counted, created, described, failure, noContent, notFound, ok, page } from "./replies.mjs";

const begin = "2026-01-01T00:00:00Z";

function branchBody(call, name, sha) {
    const { origin, repository } = call;
    const checks = repository.settings.protected?.[name];
    const url = `${origin}/repos/${repository.name}`;
    const body = described(call, 200, { name, protected: Boolean(checks) });
    return {
        ...body,
        commit: { ...body.commit, sha, url: `${url}/commits/${sha}` },
        ...(checks
            ? {
                  protection: {
                      enabled: true,
                      required_status_checks: { enforcement_level: "non_admins", contexts: checks, checks: [] },
                  },
              }
            : {}),
    };
}

function getBranch(call) {
    const sha = call.repository.history.branches.get(call.params.branch);
    return sha ? ok(branchBody(call, call.params.branch, sha)) : notFound();
}

// Variables of the repository's actions, and of environments.

const place = ({ params }) => params.environment_name ?? "";
const keyOf = (call, name) => `${place(call)}/${name.toUpperCase()}`;

function listVariables(call) {
    const found = [...call.repository.variables].filter(([key]) => key.startsWith(`${place(call)}/`));
    return page(call, found, ([, variable]) => variable, counted("variables"));
}

function createVariable(call) {
    const key = keyOf(call, call.body.name);
    if (call.repository.variables.has(key)) return failure(409, "Already exists - Variable already exists");
    const now = iso();
    const { name, value } = call.body;
    call.repository.variables.set(key, { name, value, created_at: now, updated_at: now });
    return { status: 201, body: {} };
}

const withVariable = (handle) => (call) => {
    const key = keyOf(call, call.params.name);
    const found = call.repository.variables.get(key);
    return found ? handle(call, found, key) : notFound();
};

const variables = (kind) => ({
    [`actions/list-${kind}-variables`]: listVariables,
    [`actions/create-${kind}-variable`]: createVariable,
    [`actions/get-${kind}-variable`]: withVariable((_call, variable) => ok(variable)),
    [`actions/update-${kind}-variable`]: withVariable(({ body }, variable) => {
        Object.assign(variable, { value: body.value, updated_at: iso() });
        return noContent();
    }),
    [`actions/delete-${kind}-variable`]: withVariable(({ repository }, _variable, key) => {
        repository.variables.delete(key);
        return noContent();
    }),
});

const listSecrets = (call) =>
    page(
        call,
        call.repository.settings.secrets ?? [],
        (name) => ({ name, created_at: begin, updated_at: begin }),
        counted("secrets"),
    );

// Hooks

function hookBody(call, { id, url, events }) {
    const address = `${call.origin}/repos/${call.repository.name}/hooks/${id}`;
    return described(call, 200, {
        type: "Repository",
        id,
        name: "web",
        active: true,
        events,
        config: { url, content_type: "json" },
        updated_at: begin,
        created_at: begin,
        url: address,
        test_url: `${address}/test`,
        ping_url: `${address}/pings`,
        last_response: { code: 200, status: "active", message: "OK" },
    });
}

const withHook = (handle) => (call) => {
    const found = call.repository.settings.hooks.find((hook) => hook.id === call.params.hook_id);
    return found ? handle(call, found) : notFound();
};

function deleteHook({ repository }, hook) {
    repository.settings.hooks = repository.settings.hooks.filter((each) => each !== hook);
    return noContent();
}

// Projects of the account of the first repository.

const projectOf = ({ store }) => store.all()[0];

function itemBody(call, item) {
    const { repository, number, type } = item;
    return described(call, call.method === "POST" ? 201 : 200, {
        id: item.id,
        node_id: nodeId("PVTI", item.id),
        content_type: type,
        content: undefined,
        creator: userBody(call.origin, call.login),
        item_url: `${call.origin}/repos/${repository}/issues/${number}`,
        created_at: begin,
        updated_at: begin,
        archived_at: null,
    });
}

function addItem(call) {
    const { settings } = projectOf(call);
    const { type, owner, repo, number } = call.body;
    const repository = `${owner}/${repo}`;
    const same = settings.project_items.find((item) => item.number === number && item.repository === repository);
    const item = same ?? { id: call.store.nextId(), repository, number, type, fields: {} };
    if (!same) settings.project_items.push(item);
    return created(itemBody(call, item));
}

function updateItem(call) {
    const { settings } = projectOf(call);
    const item = settings.project_items.find((each) => each.id === call.params.item_id);
    if (!item) return notFound();
    for (const { id, value } of call.body.fields) item.fields[id] = value;
    return ok(itemBody(call, item));
}

const fieldBody = (call) => (field) => described(call, 200, { ...field, created_at: begin, updated_at: begin });

export const settings = {
    "repos/list-branches": (call) =>
        page(
            call,
            [...call.repository.history.branches].filter(([name]) => {
                const isProtected = Boolean(call.repository.settings.protected?.[name]);
                return call.query.protected === undefined || call.query.protected === isProtected;
            }),
            ([name, sha]) => branchBody(call, name, sha),
        ),
    "repos/get-branch": getBranch,
    "repos/get-branch-rules": (call) =>
        page(
            call,
            (call.repository.settings.rules ?? []).filter((rule) => rule.branch === call.params.branch),
            ({ branch: _, ...rule }) => ({
                ...rule,
                ruleset_id: 7,
                ruleset_source: call.repository.name,
                ruleset_source_type: "Repository",
            }),
        ),
    "repos/get-repo-rulesets": (call) =>
        page(call, call.repository.settings.rulesets ?? [], (ruleset) => described(call, 200, ruleset)),
    "repos/get-all-environments": (call) =>
        page(
            call,
            call.repository.settings.environments ?? [],
            (name) => ({
                id: name.length,
                node_id: "EN",
                name,
                url: call.origin,
                html_url: call.origin,
                created_at: begin,
                updated_at: begin,
                protection_rules: [],
            }),
            counted("environments"),
        ),
    ...variables("repo"),
    ...variables("environment"),
    "actions/list-repo-secrets": listSecrets,
    "actions/list-environment-secrets": listSecrets,
    "repos/list-webhooks": (call) => page(call, call.repository.settings.hooks, (hook) => hookBody(call, hook)),
    "repos/ping-webhook": withHook(() => noContent()),
    "repos/delete-webhook": withHook(deleteHook),
    "actions/list-self-hosted-runners-for-repo": (call) =>
        page(
            call,
            (call.repository.settings.runners ?? []).filter(
                (runner) => !call.query.name || runner.name === call.query.name,
            ),
            (runner) => runner,
            counted("runners"),
        ),
    "repos/get-collaborator-permission-level": (call) => {
        const { params, origin, repository } = call;
        const permission = repository.settings.permissions?.[params.username] ?? "none";
        return ok({ permission, role_name: permission, user: { ...userBody(origin, params.username), role_name: permission } });
    },
    "repos/list-teams": (call) =>
        page(call, Object.keys(call.repository.settings.teams ?? {}), (slug, i) =>
            described(call, 200, { id: i + 1, slug, name: slug, permission: "push" }),
        ),
    "teams/list-members-in-org": (call) =>
        page(call, call.store.all()[0].settings.teams?.[call.params.team_slug] ?? [], (login) =>
            userBody(call.origin, login),
        ),
    "projects/get-for-org": () => notFound(),
    "projects/add-item-for-user": addItem,
    "projects/list-fields-for-user": (call) =>
        page(call, projectOf(call).settings.project_fields ?? [], fieldBody(call)),
    "projects/update-item-for-user": updateItem,
};
