// One request and its answer: what GitHub's description says of it, whether it may be, the fault that it meets, its
// effect, and whether the answer is right as well.
import { createHash } from "node:crypto";
import { resourceOf } from "./rate.mjs";
import { failure } from "./rest/replies.mjs";
import { prepareRest } from "./rest/rest.mjs";

// The tests know from it that a client broke GitHub's description; GitHub itself never answers so.
const contractStatus = 418;

const prepareGraphql = async (call) => (await import("./graphql/graphql.mjs")).prepareGraphql(call);

export class Exchange {
    #world;
    #entry;
    #fault;

    constructor(world, request, response) {
        this.#world = world;
        this.request = request;
        this.response = response;
        this.socket = request.socket; // a request that is read no further has none
        const scheme = request.socket.encrypted ? "https" : "http";
        this.url = new URL(request.url, `${scheme}://${request.headers.host}`);
    }

    async run() {
        const { request } = this;
        const { faults, record, secondary } = this.#world;
        this.#entry = {
            method: request.method,
            path: request.url,
            authorization: request.headers.authorization ?? null,
            version: request.headers["x-github-api-version"],
            agent: request.headers["user-agent"],
        };
        record.requests.push(this.#entry);
        secondary.begin();
        this.response.on("close", () => secondary.end());
        this.#fault = faults.next(request.method, this.url.pathname) ?? {};
        if (this.#fault.atHeaders) return this.#fault.atHeaders(this);
        const text = await this.#text();
        if (text === null) return this.#fault.inBody(this);
        if (text !== "") this.#entry.body = text;
        try {
            await this.#answer(text);
        } catch (error) {
            this.#violation("server", [error.stack]);
            this.send(failure(500, `the stand-in failed: ${error.message}`));
        }
    }

    // The body of the request; null as soon as a part of it has come when a fault waits for that.
    async #text() {
        const chunks = [];
        try {
            for await (const chunk of this.request) {
                if (this.#fault.inBody) return null;
                chunks.push(chunk);
            }
        } catch (error) {
            if (error.code !== "ECONNRESET") throw error; // the client went away, as some tests want it to
        }
        return Buffer.concat(chunks).toString();
    }

    async #answer(text) {
        const { store, rate, access, blobs } = this.#world;
        const { method, headers } = this.request;
        const resource = resourceOf(this.url.pathname);
        const call = {
            method,
            headers,
            text,
            url: this.url,
            origin: this.url.origin,
            store,
            rate,
            access,
            blobs,
            login: access.login,
        };
        const prepared = await (resource === "graphql" ? prepareGraphql : prepareRest)(call);
        if (prepared.problems.length > 0) return this.#refuse(prepared);
        if (this.#fault.delaysEffect) {
            this.#world.late.push(() => this.#effect(resource, prepared));
            return this.socket.destroy();
        }
        if (this.#fault.insteadOfEffect) return this.#fault.insteadOfEffect(this);
        const answer = access.refusal(this.request) ?? (await this.#effect(resource, prepared));
        if (this.#fault.insteadOfAnswer) return this.#fault.insteadOfAnswer(this, answer);
        this.send(answer);
    }

    #refuse({ problems, answer }) {
        this.#violation("request", problems);
        this.send(answer ?? failure(contractStatus, `the request breaks GitHub's description: ${problems.join("; ")}`));
    }

    // Carries the request out, unless its rate limit is used up; what the client knows already costs nothing.
    async #effect(resource, prepared) {
        const { rate, record } = this.#world;
        const isFree = this.url.pathname === "/rate_limit";
        const tooMany = this.#world.secondary.refusal(prepared.isChange);
        if (tooMany) return { ...tooMany, headers: { ...rate.headers(resource), ...tooMany.headers } };
        if (!isFree && rate.isUsedUp(resource)) return { ...rate.refusal(resource), headers: rate.headers(resource) };
        const answer = this.#conditional(this.#checked(await prepared.effect(), prepared));
        if (prepared.isChange && answer.status < 300) record.effects.push(prepared.operation?.id ?? "graphql");
        if (!isFree && answer.status !== 304) rate.take(resource, answer.points);
        return { ...answer, headers: { ...rate.headers(resource), ...answer.headers } };
    }

    // An answer that GitHub would not give is a mistake of the stand-in, and nothing that a test may rest on.
    #checked(answer, { operation }) {
        if (!this.#world.record.checksAnswers) return answer;
        // What is no JSON has no schema.
        const problems = answer.type ? [] : (operation?.answerProblems(answer.status, answer.body) ?? []);
        if (operation) this.#world.record.answered.add(`${answer.status} ${operation.id}`);
        if (problems.length === 0) return answer;
        this.#violation("answer", problems);
        return failure(500, `the stand-in's answer breaks GitHub's description: ${problems.join("; ")}`);
    }

    #conditional(answer) {
        if (this.request.method !== "GET" || answer.status !== 200) return answer;
        const { authorization = "", accept = "" } = this.request.headers;
        const hash = createHash("sha1").update(
            `${authorization}\n${accept}\n${answer.headers?.link}\n${JSON.stringify(answer.body)}`,
        );
        const etag = `W/"${hash.digest("hex")}"`;
        const headers = { ...answer.headers, etag, vary: "Accept, Authorization, Cookie, X-GitHub-OTP" };
        const known = this.request.headers["if-none-match"]?.split(/,\s*/) ?? [];
        return known.includes(etag) ? { status: 304, headers } : { ...answer, headers };
    }

    #violation(kind, problems) {
        const { method, path, body } = this.#entry;
        this.#world.record.violations.push({ kind, method, path, body, problems });
    }

    send({ status, type = "application/json; charset=utf-8", headers = {}, body }) {
        this.#entry.status = status;
        const hasBody = status !== 204 && status !== 304 && body !== undefined;
        const text = typeof body === "string" ? body : JSON.stringify(body);
        this.response.writeHead(status, {
            ...(hasBody ? { "content-type": type } : {}),
            "x-github-request-id": "0000:TEST",
            "x-oauth-scopes": this.#world.access.scopes,
            date: new Date(this.#world.access.now()).toUTCString(),
            ...headers,
        });
        this.response.end(hasBody ? text : undefined);
    }
}
