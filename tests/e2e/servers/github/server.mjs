// A stand-in for GitHub's API, for the tests: it keeps repositories and issues, checks tokens, counts requests, and
// fails as it is told to.
//
//   node server.mjs [--tls KEY CERT]
//
// Prints {"port": N} on its first line and serves until it is killed. The tests steer it by POST /_control with any of
//   { "token": "…" }                    the one token that is accepted; until then, any
//   { "scopes": "repo, gist" }          what the token may do, as X-OAuth-Scopes tells it
//   { "repository": "o/n", "issues": [ { number, kind, state, … } ] }     see store.mjs
//   { "repository": "o/n", "generate": 1000 }                             issues 1 to 1000 of every kind
//   { "repository": "old/name", "renamed_to": "o/n" }
//   { "rate": { "core": { "remaining": 1, "reset_in_s": 2 } } }
//   { "faults": [ { "path": "/graphql", "kind": "status", "status": 502, "times": 3 } ] }   see faults.mjs
// GET /_control gives { requests: [ { method, path, authorization } ], connections_closed }.
import http from "node:http";
import https from "node:https";
import { readFileSync } from "node:fs";
import { Faults } from "./faults.mjs";
import { answerGraphql } from "./graphql.mjs";
import { Rate } from "./rate.mjs";
import { answerRest } from "./rest.mjs";
import { Store } from "./store.mjs";

const store = new Store();
const faults = new Faults();
const rate = new Rate();
const access = { token: null, scopes: "repo" };
let requests = [];
let closed = 0;

function readBody(request) {
    return new Promise((resolve) => {
        const chunks = [];
        request.on("data", (chunk) => chunks.push(chunk));
        request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
}

function control(method, text) {
    if (method === "GET") return { requests, connections_closed: closed };
    const order = JSON.parse(text);
    if (order.token) access.token = order.token;
    if (order.scopes !== undefined) access.scopes = order.scopes;
    if (order.faults) faults.set(order.faults);
    if (order.rate) rate.set(order.rate);
    if (order.forget) requests = [];
    store.apply(order);
    return { ok: true };
}

// What GitHub finds of the token: null when the request may go on.
function refusal(request) {
    const { authorization } = request.headers;
    if (authorization && access.token && authorization !== `Bearer ${access.token}`) {
        return { status: 401, body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest" } };
    }
    if (!authorization && request.url.startsWith("/graphql")) {
        return { status: 401, body: { message: "This endpoint requires you to be authenticated." } };
    }
    if (!request.headers["user-agent"]) return { status: 403, body: "Request forbidden by administrative rules." };
    return null;
}

function answer(request, url, text) {
    const refused = refusal(request);
    if (refused) return refused;
    const resource = url.pathname === "/graphql" ? "graphql" : url.pathname.startsWith("/search/") ? "search" : "core";
    if (url.pathname === "/rate_limit") return { status: 200, body: rate.overview() };
    if (!rate.take(resource)) return { ...rate.refusal(resource), headers: rate.headers(resource) };
    const result = resource === "graphql" ? answerGraphql(store, JSON.parse(text)) : answerRest(store, request.method, url);
    return { ...result, headers: { ...rate.headers(resource), ...result.headers } };
}

function send(response, { status, headers = {}, body }) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, {
        "content-type": "application/json; charset=utf-8", "x-github-request-id": "0000:TEST",
        "x-oauth-scopes": access.scopes, date: new Date().toUTCString(), ...headers,
    });
    response.end(status === 204 || status === 304 ? undefined : text);
}

async function serve(request, response) {
    const url = new URL(request.url, `http://${request.headers.host}`);
    if (url.pathname === "/_control") return send(response, { status: 200, body: control(request.method, await readBody(request)) });
    requests.push({ method: request.method, path: request.url, authorization: request.headers.authorization ?? null,
        version: request.headers["x-github-api-version"], agent: request.headers["user-agent"] });
    const fault = faults.next(url.pathname);
    if (fault?.before) return fault.before(request, response);
    const text = await readBody(request);
    const result = answer(request, url, text);
    if (fault?.instead) return fault.instead(request, response, result, send);
    send(response, result);
}

const tls = process.argv.indexOf("--tls");
const server = tls < 0 ? http.createServer(serve)
    : https.createServer({ key: readFileSync(process.argv[tls + 1]), cert: readFileSync(process.argv[tls + 2]) }, serve);
server.on("connection", (socket) => socket.on("close", () => { closed += 1; }));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
