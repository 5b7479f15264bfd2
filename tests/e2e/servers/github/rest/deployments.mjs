// Deployments and their statuses, and events that a repository's workflows listen for.
import { iso } from "../store/issues.mjs";
import { nodeId, userBody } from "./bodies.mjs";
import { created, failure, noContent, notFound, ok, page } from "./replies.mjs";
import { skeleton } from "../store/skeleton.mjs";

function deploymentBody({ origin, repository }, { statuses: _, creator, ...rest }) {
    const url = `${origin}/repos/${repository.name}`;
    return {
        ...skeleton("deployment"),
        ...rest,
        node_id: nodeId("DE", rest.id),
        creator: userBody(origin, creator),
        repository_url: url,
        url: `${url}/deployments/${rest.id}`,
        statuses_url: `${url}/deployments/${rest.id}/statuses`,
    };
}

function create(call) {
    const { repository, body, login } = call;
    const commit = repository.history.resolve(body.ref);
    if (!commit) return failure(422, `No ref found for: ${body.ref}`);
    const { auto_merge: _, required_contexts: __, ...wanted } = body;
    const now = iso();
    const deployment = {
        id: repository.store.nextId(),
        sha: commit.sha,
        task: "deploy",
        environment: "production",
        payload: {},
        creator: login,
        created_at: now,
        updated_at: now,
        ...wanted,
        statuses: [],
    };
    deployment.original_environment = deployment.environment;
    repository.deployments.set(deployment.id, deployment);
    return created(deploymentBody(call, deployment));
}

function list(call) {
    const filters = ["sha", "ref", "task", "environment"].filter(
        (name) => ![undefined, "none"].includes(call.query[name]),
    );
    const found = [...call.repository.deployments.values()]
        .reverse()
        .filter((deployment) => filters.every((name) => deployment[name] === call.query[name]));
    return page(call, found, (deployment) => deploymentBody(call, deployment));
}

const withDeployment = (handle) => (call) => {
    const found = call.repository.deployments.get(call.params.deployment_id);
    return found ? handle(call, found) : notFound();
};

function statusBody({ origin, repository }, deployment, { creator, ...rest }) {
    const url = `${origin}/repos/${repository.name}`;
    return {
        ...skeleton("deployment-status"),
        ...rest,
        node_id: nodeId("DES", rest.id),
        creator: userBody(origin, creator),
        repository_url: url,
        deployment_url: `${url}/deployments/${deployment.id}`,
        url: `${url}/deployments/${deployment.id}/statuses/${rest.id}`,
    };
}

function createStatus(call, deployment) {
    const { repository, body, login } = call;
    const { auto_inactive: _, ...wanted } = body;
    const now = iso();
    const status = {
        id: repository.store.nextId(),
        description: "",
        environment: deployment.environment,
        creator: login,
        created_at: now,
        updated_at: now,
        ...wanted,
    };
    deployment.statuses.push(status);
    return created(statusBody(call, deployment, status));
}

export const deployments = {
    "repos/list-deployments": list,
    "repos/get-deployment": withDeployment((call, deployment) => ok(deploymentBody(call, deployment))),
    "repos/create-deployment": create,
    "repos/list-deployment-statuses": withDeployment((call, deployment) =>
        page(call, [...deployment.statuses].reverse(), (status) => statusBody(call, deployment, status)),
    ),
    "repos/create-deployment-status": withDeployment(createStatus),
    "repos/create-dispatch-event": ({ repository, body }) => {
        repository.events.push(body);
        return noContent();
    },
};
