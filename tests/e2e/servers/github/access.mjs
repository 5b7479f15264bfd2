// Who may ask: tokens and what they may do, and the tokens that an app signs for itself.
import { createVerify } from "node:crypto";
import { failure } from "./rest/replies.mjs";

const longestLife = 600; // seconds that an app's own token may be good for

const isAppPath = (path) =>
    /^\/app(\/|$)/.test(path) || /^\/(repos\/[^/]+|orgs|users)\/[^/]+\/installation$/.test(path);

function decoded(part) {
    try {
        return JSON.parse(Buffer.from(part, "base64url"));
    } catch {
        return null;
    }
}

export class Access {
    #token = null;
    #issued = new Map(); // installation tokens and until when they hold, in milliseconds
    #installationOf = new Map();
    scopes = "repo";
    login = "tester";
    app = null;

    apply({ token, login, scopes, app }) {
        if (token) this.#token = token;
        if (login) this.login = login;
        if (scopes !== undefined) this.scopes = scopes;
        if (app) this.app = { installations: {}, clock_skew_s: 0, token_life_s: 3600, ...this.app, ...app };
    }

    // GitHub's clock, in milliseconds: that of the machine unless a test had it go wrong.
    now() {
        return Date.now() + (this.app?.clock_skew_s ?? 0) * 1000;
    }

    issueToken(installation) {
        const token = `ghs_${installation}${Math.random().toString(36).slice(2).padEnd(12, "0")}`;
        const expires = this.now() + this.app.token_life_s * 1000;
        this.#issued.set(token, expires);
        this.#installationOf.set(token, installation);
        return { token, expires };
    }

    // What GitHub finds of the token: null when the request may go on.
    refusal({ headers, url }) {
        if (!headers["user-agent"]) {
            return { status: 403, type: "text/html", body: "Request forbidden by administrative rules." };
        }
        const token = headers.authorization?.replace(/^Bearer /, "");
        const path = url.split("?")[0];
        if (isAppPath(path)) return this.#appRefusal(token);
        if (token && !this.#accepts(token)) return failure(401, "Bad credentials");
        if (!token && path === "/graphql") return failure(401, "This endpoint requires you to be authenticated.");
        return null;
    }

    // Whether the token is that of an installation in another account than the repository's ("owner/name").
    isStranger({ headers }, repository) {
        const installation = this.#installationOf.get(headers.authorization?.replace(/^Bearer /, ""));
        if (installation === undefined) return false;
        const [owner] = repository.split("/");
        const { installations } = this.app;
        return installation !== (installations[repository] ?? installations[owner]);
    }

    #accepts(token) {
        if (this.#issued.has(token)) return this.#issued.get(token) > this.now();
        return this.#token === null || token === this.#token;
    }

    // An app shows a JSON web token (RFC 7519) signed with its key by RS256.
    #appRefusal(token = "") {
        const [head, claims, signature] = token.split(".");
        const header = decoded(head ?? ""),
            { iss, iat, exp } = decoded(claims ?? "") ?? {};
        if (!this.app || header?.alg !== "RS256" || !signature)
            return failure(401, "A JSON web token could not be decoded");
        const isOurs = createVerify("RSA-SHA256")
            .update(`${head}.${claims}`)
            .verify(this.app.public_key_pem, signature, "base64url");
        if (!isOurs) return failure(401, "A JSON web token could not be decoded");
        const now = Math.floor(this.now() / 1000);
        if (String(iss) !== String(this.app.id)) return failure(404, "Integration not found");
        if (!Number.isInteger(iat) || iat > now) {
            return failure(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            );
        }
        if (!Number.isInteger(exp) || exp <= now) {
            return failure(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the " +
                    "assertion expires",
            );
        }
        return exp > now + longestLife
            ? failure(401, "'Expiration time' claim ('exp') is too far in the future")
            : null;
    }
}
