// Who may ask: tokens and what they may do.
import { failure } from "./rest/replies.mjs";

export class Access {
    #token = null;
    scopes = "repo";
    login = "tester";

    apply({ token, scopes }) {
        if (token) this.#token = token;
        if (scopes !== undefined) this.scopes = scopes;
    }

    // What GitHub finds of the token: null when the request may go on.
    refusal({ headers, url }) {
        const { authorization } = headers;
        if (authorization && this.#token && authorization !== `Bearer ${this.#token}`) return failure(401, "Bad credentials");
        if (!authorization && url.startsWith("/graphql")) return failure(401, "This endpoint requires you to be authenticated.");
        if (!headers["user-agent"]) return { status: 403, body: "Request forbidden by administrative rules." };
        return null;
    }
}
