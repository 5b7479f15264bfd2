// A web server that misbehaves on request, for the tests of `http`.
//
//   node server.mjs [--tls KEY CERT] [--http1] [--ipv6]
//
// Prints {"port": N} on its first line and serves until it is killed. What each path does stands
// beside it below. GET /counts says how often each was asked and how many clients hung up on /hang.
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { readFileSync } from "node:fs";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

const packers = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync };
const counts = {};
let connections = 0;

function body(request) {
    return new Promise((resolve) => {
        const chunks = [];
        request.on("data", (chunk) => chunks.push(chunk));
        request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
}

function json(response, status, value, headers = {}) {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
}

async function writeMany(response, bytes) {
    const chunk = Buffer.alloc(65536, "x");
    for (let left = bytes; left > 0; left -= chunk.length) {
        const piece = left < chunk.length ? chunk.subarray(0, left) : chunk;
        if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
}

const routes = {
    // What arrived.
    "/echo": async (request, response) =>
        json(response, 200, { method: request.method, url: request.url, headers: request.headers, body: await body(request) }),
    "/counts": (_, response) => json(response, 200, { ...counts, connections }),
    "/status": (_, response, query) => json(response, Number(query.get("code")), { code: Number(query.get("code")) }),
    "/redirect": (_, response, query) => {
        response.writeHead(Number(query.get("code") ?? 302), { location: query.get("to") });
        response.end("moved");
    },
    "/loop": (_, response) => {
        response.writeHead(302, { location: "/loop" });
        response.end();
    },
    "/slow": (_, response, query) => setTimeout(() => json(response, 200, { n: query.get("n") }), Number(query.get("ms"))),
    // Half of what it promised, then silence; or the end of the connection.
    "/stall": (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("x".repeat(500));
    },
    "/truncated": (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("x".repeat(500), () => setTimeout(() => response.destroy(), 20));
    },
    "/text": (_, response, query) => response.end(query.get("body")),
    "/json": (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end('[{ "n": 40 }, { "n": 2 }]');
    },
    "/reset": (request) => request.socket.destroy(),
    // HTTP/2 only: the stream, or the whole connection, ends before an answer, or in the middle of it.
    "/stream-reset": async (request) => {
        await body(request);
        request.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    },
    "/session-lost": async (request) => {
        await body(request);
        request.stream.session.destroy();
    },
    "/stream-cut": (request, response) => {
        response.writeHead(200);
        response.write("half", () => request.stream.close(http2.constants.NGHTTP2_CANCEL));
    },
    "/garbage": (request) => request.socket.end("this is not HTTP\r\n\r\n"),
    // Never answers; counts in /counts when the client has hung up.
    "/hang": (request) => {
        request.on("close", () => { counts.hung_up = (counts.hung_up ?? 0) + 1; });
    },
    "/large": (_, response, query) => {
        response.writeHead(200, { "content-type": "application/octet-stream" });
        writeMany(response, Number(query.get("bytes")));
    },
    "/lines": (_, response, query) => {
        let text = "";
        for (let i = 1; i <= Number(query.get("count")); ++i) text += `line ${i}\r\n`;
        response.end(text + "the last, without an end");
    },
    // Small on the wire, large when undone.
    "/bomb": (_, response, query) => {
        const encoding = query.get("encoding") ?? "gzip";
        response.writeHead(200, { "content-encoding": encoding });
        response.end(packers[encoding](Buffer.alloc(Number(query.get("bytes")))));
    },
    "/headers": (_, response, query) => {
        response.setHeader("x-repeated", ["one", "two"]);
        if (query.get("many")) for (let i = 0; i < 60; ++i) response.setHeader(`x-${i}`, "y".repeat(8000));
        response.end("ok");
    },
};

async function serve(request, response) {
    const url = new URL(request.url, "http://localhost");
    counts[url.pathname] = (counts[url.pathname] ?? 0) + 1;
    const route = routes[url.pathname];
    if (!route) return json(response, 404, { message: "no such path" });
    await route(request, response, url.searchParams);
}

function create(argv) {
    const tls = argv.indexOf("--tls");
    if (tls < 0) return http.createServer(serve);
    const options = { key: readFileSync(argv[tls + 1]), cert: readFileSync(argv[tls + 2]) };
    if (argv.includes("--http1")) return https.createServer(options, serve);
    return http2.createSecureServer({ ...options, allowHTTP1: true }, serve);
}

const server = create(process.argv);
server.on("connection", () => { connections += 1; });
server.listen(0, process.argv.includes("--ipv6") ? "::1" : "127.0.0.1", () =>
    console.log(JSON.stringify({ port: server.address().port })));
