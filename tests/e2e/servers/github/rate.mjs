// GitHub's rate limits: a number of requests until a moment, for each resource.
export class Rate {
    #budgets = {};

    constructor() {
        for (const [resource, limit] of [["core", 5000], ["graphql", 5000], ["search", 30]]) {
            this.#budgets[resource] = { limit, remaining: limit, reset: Math.floor(Date.now() / 1000) + 3600 };
        }
    }

    set(changes) {
        for (const [resource, change] of Object.entries(changes)) {
            const budget = this.#budgets[resource];
            if (change.remaining !== undefined) budget.remaining = change.remaining;
            if (change.reset_in_s !== undefined) budget.reset = Math.floor(Date.now() / 1000) + change.reset_in_s;
        }
    }

    // Takes one request from the budget; false when it is used up.
    take(resource) {
        const budget = this.#budgets[resource];
        if (budget.reset <= Date.now() / 1000) {
            budget.remaining = budget.limit;
            budget.reset = Math.floor(Date.now() / 1000) + 3600;
        }
        if (budget.remaining === 0) return false;
        budget.remaining -= 1;
        return true;
    }

    headers(resource) {
        const { limit, remaining, reset } = this.#budgets[resource];
        return {
            "x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-used": limit - remaining,
            "x-ratelimit-reset": reset, "x-ratelimit-resource": resource,
        };
    }

    refusal(resource) {
        if (resource === "graphql") {
            return { status: 200, body: { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] } };
        }
        return { status: 403, body: { message: "API rate limit exceeded for user ID 1." } };
    }

    overview() {
        const resources = {};
        for (const [name, { limit, remaining, reset }] of Object.entries(this.#budgets)) {
            resources[name] = { limit, remaining, reset, used: limit - remaining };
        }
        return { resources, rate: resources.core };
    }
}
