// GitHub's rate limits: a number of requests until a moment, for each resource.
import { failure } from "./rest/replies.mjs";

const limits = { core: 5000, graphql: 5000, search: 30, code_search: 10 };
const now = () => Math.floor(Date.now() / 1000);

export function resourceOf(pathname) {
    if (pathname === "/graphql") return "graphql";
    if (pathname === "/search/code") return "code_search";
    return pathname.startsWith("/search/") ? "search" : "core";
}

export class Rate {
    #budgets = Object.fromEntries(
        Object.entries(limits).map(([name, limit]) => [
            name,
            { limit, remaining: limit, window: 3600, reset: now() + 3600 },
        ]),
    );

    set(changes) {
        for (const [resource, change] of Object.entries(changes)) {
            const budget = this.#budgets[resource];
            if (change.limit !== undefined) budget.limit = change.limit;
            if (change.window_s !== undefined) budget.window = change.window_s;
            if (change.remaining !== undefined) budget.remaining = change.remaining;
            if (change.reset_in_s !== undefined) budget.reset = now() + change.reset_in_s;
        }
    }

    isUsedUp(resource) {
        const budget = this.#budgets[resource];
        if (budget.reset <= Date.now() / 1000) {
            Object.assign(budget, { remaining: budget.limit, reset: now() + budget.window });
        }
        return budget.remaining === 0;
    }

    take(resource, points = 1) {
        const budget = this.#budgets[resource];
        budget.remaining = Math.max(0, budget.remaining - points);
    }

    headers(resource) {
        const { limit, remaining, reset } = this.#budgets[resource];
        return {
            "x-ratelimit-limit": limit,
            "x-ratelimit-remaining": remaining,
            "x-ratelimit-used": limit - remaining,
            "x-ratelimit-reset": reset,
            "x-ratelimit-resource": resource,
        };
    }

    refusal(resource) {
        if (resource === "graphql") {
            return { status: 200, body: { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] } };
        }
        return failure(403, "API rate limit exceeded for user ID 1.");
    }

    overview() {
        const resources = {};
        for (const [name, { limit, remaining, reset }] of Object.entries(this.#budgets)) {
            resources[name] = { limit, remaining, reset, used: limit - remaining };
        }
        return { resources, rate: resources.core };
    }
}
