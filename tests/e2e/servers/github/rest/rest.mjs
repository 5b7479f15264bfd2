// Answers REST requests: holds each against the description, finds the repository that it is about and who handles it.
import { check } from "../contract/contract.mjs";
import { apps } from "./apps.mjs";
import { checks } from "./checks.mjs";
import { activity } from "./activity.mjs";
import { comments } from "./comments.mjs";
import { commits } from "./commits.mjs";
import { contents } from "./contents.mjs";
import { deployments } from "./deployments.mjs";
import { downloads } from "./downloads.mjs";
import { gitData } from "./git_data.mjs";
import { issues } from "./issues.mjs";
import { labels } from "./labels.mjs";
import { milestones } from "./milestones.mjs";
import { pulls } from "./pulls.mjs";
import { releases } from "./releases.mjs";
import { moved, notFound } from "./replies.mjs";
import { repositories } from "./repositories.mjs";
import { runs } from "./runs.mjs";
import { scanning } from "./scanning.mjs";
import { search } from "./search.mjs";
import { settings } from "./settings.mjs";
import { statuses } from "./statuses.mjs";
import { users } from "./users.mjs";

const handlers = {
    ...activity,
    ...apps,
    ...checks,
    ...comments,
    ...commits,
    ...contents,
    ...deployments,
    ...downloads,
    ...gitData,
    ...issues,
    ...labels,
    ...milestones,
    ...pulls,
    ...releases,
    ...repositories,
    ...runs,
    ...scanning,
    ...search,
    ...settings,
    ...statuses,
    ...users,
};

export const implemented = Object.keys(handlers).sort();

// A repository is also reached by its number, which the description does not say: that is where it sends those who use
// an old name. Gives the path by name.
export function describedPath(store, pathname) {
    const [, id, rest] = /^\/repositories\/(\d+)(\/.*)?$/.exec(pathname) ?? [];
    const repository = id && store.byId(Number(id));
    return repository ? `/repos/${repository.name}${rest ?? ""}` : pathname;
}

function carryOut(call) {
    const handle = handlers[call.operation.id];
    if (!call.operation.path.startsWith("/repos/")) return handle(call);
    const name = `${call.params.owner}/${call.params.repo}`;
    const repository = call.store.repository(name);
    if (!repository || repository.isPrivate) return notFound();
    if (!/installation$/.test(call.url.pathname) && call.access.isStranger(call, repository.name)) return notFound();
    if (call.store.isOldName(name)) {
        const rest = call.url.pathname
            .split("/")
            .slice(4)
            .map((part) => `/${part}`)
            .join("");
        return moved(call.method, `${call.origin}/repositories/${repository.id}${rest}${call.url.search}`);
    }
    return handle({ ...call, repository });
}

// What a request is by the description, and its effect: { operation, problems, effect() }, where `effect` gives the
// answer. `call`: { method, url, origin, headers, text, login, store, rate, access, blobs }.
export function prepareRest(call) {
    const { method, url, headers, text } = call;
    const { operation, problems, params, query, body } = check(
        method,
        describedPath(call.store, url.pathname),
        url.searchParams,
        headers,
        text,
    );
    if (operation && !handlers[operation.id]) problems.push(`the stand-in does not do ${operation.id}`);
    return {
        operation,
        problems,
        isChange: method !== "GET",
        effect: () => carryOut({ ...call, operation, params, query, body }),
    };
}
