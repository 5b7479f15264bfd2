// Stand-ins for services that take logs: Grafana Loki, Datadog, Better Stack, Elasticsearch, S3, a service of one's own,
// and syslog over TCP and TLS. Each holds what arrives against the format that the service documents, and answers a
// violation as it does.
//
//   node server.mjs KEY CERT
//
// Prints {"port": N, "syslog_port": M, "syslog_tls_port": L} on its first line and serves until it is killed.
// POST /_control { "faults": [ { "path": "/loki", "status": 429, "headers": {…}, "times": 2 } ] } makes the next requests
// of paths that begin so fail; a fault with { "lost": true } takes the logs and closes the connection; one with
// { "refuses": N } lets Elasticsearch refuse N lines of a batch for want of room. GET /_control gives { lines: [ {
// service, text, key, labels, … } ], requests: [ { path, headers, status } ], refused: [ "…" ], streams: { labels: N } }.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { gunzipSync } from "node:zlib";

const world = { lines: [], requests: [], refused: [], faults: [], objects: {}, documents: {} };
const secrets = {
    loki: "Basic " + Buffer.from("tester:verysecretloki").toString("base64"),
    better: "Bearer verysecretbetter",
    elastic: "ApiKey verysecretelastic",
    own: "Bearer verysecretown",
};
const isTime = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);

class Refusal extends Error {
    constructor(status, reason) {
        super(reason);
        this.status = status;
    }
}

function demand(condition, status, reason) {
    if (!condition) throw new Refusal(status, reason);
}

// https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs
function takeLoki(request, body) {
    demand(request.headers.authorization === secrets.loki, 401, "no credentials provided");
    demand(request.headers["content-encoding"] === "gzip", 400, "not packed");
    for (const { stream, values, ...rest } of JSON.parse(body).streams) {
        demand(Object.keys(rest).length === 0, 400, "unknown field");
        demand(Object.keys(stream).length > 0, 400, "at least one label pair is required per stream");
        for (const [name, value] of Object.entries(stream)) {
            demand(/^[a-zA-Z_]\w*$/.test(name) && typeof value === "string", 400, `label ${name}`);
        }
        for (const value of values) {
            demand(value.length === 2 || value.length === 3, 400, "a value has a time, a line and metadata");
            const [at, line, metadata = {}] = value;
            demand(/^\d{19}$/.test(at), 400, `time ${at}`);
            demand(typeof line === "string", 400, "a line is a string");
            for (const each of Object.values(metadata)) demand(typeof each === "string", 400, "metadata is strings");
            keep({ service: "loki", text: line, run: metadata.run, line: metadata.line, labels: stream }, request);
        }
    }
    return [204, ""];
}

// https://docs.datadoghq.com/api/latest/logs/#send-logs
function takeDatadog(request, body) {
    demand(request.headers["dd-api-key"] === "verysecretdatadog", 403, "Forbidden");
    demand(!request.headers.authorization, 400, "Authorization is not asked for");
    demand(body.length <= 5_000_000, 413, "Payload too large");
    const list = JSON.parse(body);
    demand(Array.isArray(list) && list.length <= 1000, 413, "too many logs");
    for (const log of list) {
        demand(typeof log.message === "string" && typeof log.ddsource === "string", 400, "no message");
        demand(/^(\w+:[^,]+)(,\w+:[^,]+)*$/.test(log.ddtags), 400, `tags ${log.ddtags}`);
        demand(Number.isInteger(log.timestamp), 400, "timestamp");
        keep({ service: "datadog", text: log.message, run: log.run, line: log.line }, request);
    }
    return [202, "{}"];
}

// https://betterstack.com/docs/logs/ingesting-data/http/logs/
function takeBetterStack(request, body) {
    demand(request.headers.authorization === secrets.better, 403, "Unauthorized");
    for (const log of JSON.parse(body)) {
        demand(isTime(log.dt) && typeof log.message === "string", 406, "Couldn't parse JSON content");
        keep({ service: "better", text: log.message, run: log.run, line: log.line }, request);
    }
    return [202, ""];
}

// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
function takeBulk(request, body, fault) {
    demand(request.headers.authorization === secrets.elastic, 401, "security_exception");
    demand(request.headers["content-type"] === "application/x-ndjson", 406, "Content-Type is not supported");
    const text = body.toString();
    demand(text.endsWith("\n"), 400, "The bulk request must be terminated by a newline [\\n]");
    const lines = text.split("\n").slice(0, -1);
    demand(lines.length % 2 === 0, 400, "Malformed action/metadata line");
    const items = [];
    let refuses = fault?.refuses ?? 0;
    for (let i = 0; i < lines.length; i += 2) {
        const { create } = JSON.parse(lines[i]);
        const document = JSON.parse(lines[i + 1]);
        demand(isTime(document["@timestamp"]), 400, "failed to parse field [@timestamp]");
        const id = `${create._index}/${create._id}`;
        if (world.documents[id]) {
            items.push({ create: { status: 409, error: { reason: "version conflict" } } });
        } else if (refuses-- > 0) {
            items.push({ create: { status: 429, error: { reason: "rejected execution" } } });
        } else {
            world.documents[id] = true;
            keep({ service: "elastic", text: document.message, run: document.run, line: document.line }, request);
            items.push({ create: { status: 201 } });
        }
    }
    return [200, JSON.stringify({ errors: items.some((item) => item.create.status >= 300), items })];
}

const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
function checkSignature(request, raw) {
    const parts = /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request,SignedHeaders=([\w;-]+),Signature=(\w{64})$/
        .exec(request.headers.authorization ?? "");
    demand(parts, 403, "InvalidRequest");
    const [, , day, region, names, signature] = parts;
    demand(names.split(";").includes("host"), 403, "host is not signed");
    demand(request.headers["x-amz-content-sha256"] === sha256(raw), 400, "XAmzContentSHA256Mismatch");
    const headers = names.split(";").map((name) => `${name}:${request.headers[name]}\n`).join("");
    const canonical = [request.method, request.url, "", headers, names, request.headers["x-amz-content-sha256"]].join("\n");
    const scope = `${day}/${region}/s3/aws4_request`;
    const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
    const key = [region, "s3", "aws4_request"].reduce(hmac, hmac("AWS4verysecrets3", day));
    demand(hmac(key, toSign).toString("hex") === signature, 403, "SignatureDoesNotMatch");
}

function takeObject(request, body, raw) {
    demand(request.method === "PUT", 405, "MethodNotAllowed");
    checkSignature(request, raw);
    world.objects[request.url] = true;
    for (const line of gunzipSync(raw).toString().trimEnd().split("\n")) {
        const log = JSON.parse(line);
        demand(isTime(log.time), 400, "time");
        keep({ service: "s3", text: log.message, run: log.run, line: log.line, object: request.url }, request);
    }
    return [200, ""];
}

function takeOwn(request, body) {
    demand(request.headers.authorization === secrets.own, 401, "who is it");
    for (const line of JSON.parse(body).lines) keep({ service: "own", text: line.text }, request);
    return [200, ""];
}

function keep(line, request) {
    world.lines.push({ ...line, key: request.headers["idempotency-key"] });
}

const services = [
    ["/loki/api/v1/push", takeLoki],
    ["/api/v2/logs", takeDatadog],
    ["/_bulk", takeBulk],
    ["/ingest", takeOwn],
    ["/bucket/", takeObject],
    ["/", takeBetterStack],
];

function takeFault(path) {
    const fault = world.faults.find((each) => path.startsWith(each.path) && each.times !== 0);
    if (fault?.times) --fault.times;
    return fault;
}

function answer(request, raw) {
    const fault = takeFault(request.url);
    if (fault?.status) return [fault.status, "as asked", fault.headers ?? {}];
    try {
        const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
        const [, take] = services.find(([path]) => request.url.startsWith(path));
        const [status, text] = take === takeObject ? take(request, body, raw) : take(request, body, fault);
        return [fault?.lost ? null : status, text, {}];
    } catch (error) {
        world.refused.push(`${request.url}: ${error.message}`);
        return [error.status ?? 400, error.message, {}];
    }
}

const server = http.createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
        const raw = Buffer.concat(pieces);
        if (request.url === "/_control") {
            if (request.method === "POST") Object.assign(world, JSON.parse(raw));
            response.setHeader("content-type", "application/json");
            return response.end(JSON.stringify(world));
        }
        const [status, text, headers] = answer(request, raw);
        world.requests.push({ path: request.url, headers: request.headers, status });
        if (status === null) return request.socket.destroy();
        response.writeHead(status, headers);
        response.end(text);
    });
});

// RFC 5424, section 6, in frames of RFC 6587, section 3.4.1.
const syslogLine =
    /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) (\[\S+(?: [!-~]+="(?:[^"\\\]]|\\["\\\]])*")*\]) \uFEFF(.*)$/s;

function takeSyslog(socket, service) {
    let rest = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (piece) => {
        rest = Buffer.concat([rest, piece]);
        for (;;) {
            const head = /^(\d{1,7}) /.exec(rest.subarray(0, 9).toString("latin1"));
            if (!head) {
                if (rest.length > 9) world.refused.push(`${service}: no frame begins here`);
                return;
            }
            const begin = head[0].length;
            const end = begin + Number(head[1]);
            if (rest.length < end) return;
            const message = rest.subarray(begin, end).toString();
            rest = rest.subarray(end);
            const parts = syslogLine.exec(message);
            if (!parts) world.refused.push(`${service}: ${message}`);
            else world.lines.push({ service, text: parts[8], severity: Number(parts[1]) % 8, data: parts[7] });
        }
    });
}

const syslog = net.createServer((socket) => takeSyslog(socket, "syslog"));
const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const secureSyslog = tls.createServer({ key, cert }, (socket) => takeSyslog(socket, "syslog_tls"));
const listen = (each) => new Promise((resolve) => each.listen(0, "127.0.0.1", resolve));
await Promise.all([listen(server), listen(syslog), listen(secureSyslog)]);
console.log(JSON.stringify({ port: server.address().port, syslog_port: syslog.address().port,
    syslog_tls_port: secureSyslog.address().port }));
