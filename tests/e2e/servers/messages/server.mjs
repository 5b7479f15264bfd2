// Stand-ins for services that take messages: Slack, Discord, Zulip, Teams, a webhook of one's own, and a mail server with
// STARTTLS. Each holds what arrives against the limits that the service documents, and answers a violation as it does.
//
//   node server.mjs KEY CERT
//
// Prints {"port": N, "smtp_port": M} on its first line and serves until it is killed. KEY and CERT are those of STARTTLS.
// POST /_control { "faults": [ { "path": "/slack", "status": 429, "headers": {…}, "times": 2 } ] } makes the next requests
// of paths that begin so fail; a fault with { "reset": true } closes the connection after the request was read; one
// with { "lost": true } takes the message and closes the connection. GET /_control gives { messages: [ { service, path,
// headers, body } ], mails: [ { from, to, text, encrypted, user } ], refused: [ "…" ] }.
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { readFileSync } from "node:fs";

const world = { messages: [], mails: [], refused: [], faults: [] };
const characters = (text) => [...text].length;

// What a service says of a message that breaks its limits; nothing for one that does not.
class Limits {
    problems = [];
    most(name, count, limit) {
        if (count > limit) this.problems.push(`${name}: ${count} is more than ${limit}`);
    }
    text(name, value, limit) {
        if (typeof value !== "string" || value === "") return this.problems.push(`${name} is no text`);
        this.most(name, characters(value), limit);
    }
    oneOf(name, value, known) {
        if (!known.includes(value)) this.problems.push(`${name}: '${value}' is none of ${known.join(", ")}`);
    }
}

// https://docs.slack.dev/reference/block-kit/blocks
function checkSlack({ blocks, text, ...rest }, limits, isBot) {
    limits.text("text", text, 40_000);
    limits.most("blocks", blocks.length, 50);
    if (isBot) limits.text("channel", rest.channel, 100);
    for (const block of blocks) {
        limits.oneOf("type", block.type, ["header", "section"]);
        if (block.type === "header") {
            limits.oneOf("header.text.type", block.text.type, ["plain_text"]);
            limits.text("header.text", block.text.text, 150);
        }
        if (block.type === "section") {
            if (!block.text && !block.fields) limits.problems.push("section needs text or fields");
            if (block.text) limits.text("section.text", block.text.text, 3000);
            limits.most("section.fields", block.fields?.length ?? 0, 10);
            for (const field of block.fields ?? []) limits.text("section.field", field.text, 2000);
        }
    }
    const all = JSON.stringify(blocks) + text;
    if (/<[!@]/.test(all)) limits.problems.push("somebody is called");
}

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
function checkDiscord({ embeds, allowed_mentions: mentions }, limits) {
    limits.most("embeds", embeds.length, 10);
    if (!Array.isArray(mentions?.parse) || mentions.parse.length > 0) limits.problems.push("somebody may be called");
    let total = 0;
    for (const embed of embeds) {
        limits.text("title", embed.title, 256);
        if (embed.description !== undefined) limits.text("description", embed.description, 4096);
        limits.most("fields", embed.fields?.length ?? 0, 25);
        total += characters(embed.title) + characters(embed.description ?? "");
        for (const field of embed.fields ?? []) {
            limits.text("name", field.name, 256);
            limits.text("value", field.value, 1024);
            total += characters(field.name) + characters(field.value);
        }
    }
    limits.most("characters in all embeds", total, 6000);
}

// https://zulip.com/api/send-message
function checkZulip(form, limits) {
    limits.oneOf("type", form.get("type"), ["stream", "channel"]);
    limits.text("to", form.get("to"), 60);
    limits.text("topic", form.get("topic"), 60);
    limits.text("content", form.get("content"), 10_000);
    if (/@_?\*\*/.test(form.get("content"))) limits.problems.push("somebody is called");
}

// https://adaptivecards.io/explorer
const elements = { TextBlock: ["text"], FactSet: ["facts"] };

function checkTeams({ type, attachments }, limits, bytes) {
    limits.oneOf("type", type, ["message"]);
    limits.most("bytes", bytes, 28_000);
    for (const { contentType, content } of attachments) {
        limits.oneOf("contentType", contentType, ["application/vnd.microsoft.card.adaptive"]);
        limits.oneOf("content.type", content.type, ["AdaptiveCard"]);
        limits.oneOf("version", content.version, ["1.0", "1.1", "1.2", "1.3", "1.4"]);
        for (const element of content.body) {
            limits.oneOf("element", element.type, Object.keys(elements));
            for (const name of elements[element.type] ?? [])
                if (element[name] === undefined) limits.problems.push(`${element.type} needs ${name}`);
        }
        for (const action of content.actions ?? []) limits.oneOf("action", action.type, ["Action.OpenUrl"]);
    }
}

let lastId = 1000;

const services = {
    "/slack/api/chat.postMessage": (body, limits) => {
        checkSlack(JSON.parse(body), limits, true);
        return { ok: true, ts: `${++lastId}.000100`, channel: "C1" };
    },
    "/slack": (body, limits) => {
        checkSlack(JSON.parse(body), limits, false);
        return "ok";
    },
    "/discord": (body, limits, { method, url }) => {
        checkDiscord(JSON.parse(body), limits);
        if (method === "PATCH") return { id: /\/messages\/(\d+)$/.exec(url)[1] };
        return new URL(url, "http://localhost").searchParams.get("wait") === "true" ? { id: String(++lastId) } : {};
    },
    "/zulip/api/v1/messages": (body, limits) => {
        checkZulip(new URLSearchParams(body), limits);
        return { result: "success", id: ++lastId };
    },
    "/teams": (body, limits) => checkTeams(JSON.parse(body), limits, Buffer.byteLength(body)),
    "/hook": () => ({ ok: true }),
};

const serviceOf = (path) => Object.keys(services).find((prefix) => path.startsWith(prefix));

async function textOf(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
}

function answer(response, status, value, headers = {}) {
    const text = typeof value === "string" ? value : JSON.stringify(value ?? {});
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(text);
}

function control(request, response, body) {
    if (request.method === "POST") world.faults = JSON.parse(body).faults ?? [];
    const { messages, mails, refused } = world;
    answer(response, 200, { messages, mails, refused });
}

// The fault that hits a path, if any is left.
function faultOf(path) {
    const fault = world.faults.find((each) => path.startsWith(each.path) && (each.times ?? 1) > 0);
    if (fault) fault.times = (fault.times ?? 1) - 1;
    return fault;
}

async function serve(request, response) {
    const body = await textOf(request);
    if (request.url === "/_control") return control(request, response, body);
    const fault = faultOf(request.url);
    if (fault?.reset) return request.socket.destroy();
    if (fault?.silent) return;
    if (fault?.status) return answer(response, fault.status, fault.body ?? { message: "no" }, fault.headers);
    const service = serviceOf(request.url);
    if (!service) return answer(response, 404, { message: "unknown" });
    const limits = new Limits();
    const result = services[service](body, limits, request);
    if (limits.problems.length > 0) {
        world.refused.push(...limits.problems);
        return answer(response, 400, { message: limits.problems.join("; ") });
    }
    world.messages.push({ service, method: request.method, path: request.url, headers: request.headers, body });
    if (fault?.lost) return request.socket.destroy();
    answer(response, 200, result);
}

// Mail: RFC 5321, as far as a client needs it, with STARTTLS (RFC 3207) and AUTH PLAIN and LOGIN.
const secure = { key: readFileSync(process.argv[2]), cert: readFileSync(process.argv[3]) };

class Conversation {
    constructor(socket, encrypted) {
        this.encrypted = encrypted;
        this.mail = { to: [] };
        this.attach(socket);
    }
    attach(socket) {
        this.socket = socket;
        this.rest = "";
        socket.on("error", () => {});
        socket.on("data", (chunk) => this.take(chunk.toString()));
    }
    say(...lines) {
        this.socket.write(lines.map((line) => `${line}\r\n`).join(""));
    }
    take(text) {
        this.rest += text;
        if (this.inData) return this.takeData();
        for (let end = this.rest.indexOf("\r\n"); end >= 0 && !this.inData; end = this.rest.indexOf("\r\n")) {
            const line = this.rest.slice(0, end);
            this.rest = this.rest.slice(end + 2);
            this.command(line);
        }
        if (this.inData) this.takeData();
    }
    takeData() {
        const end = this.rest.indexOf("\r\n.\r\n");
        if (end < 0) return;
        const text = this.rest.slice(0, end).replace(/^\.\./gm, ".");
        world.mails.push({ ...this.mail, text, encrypted: this.encrypted, user: this.user });
        this.mail = { to: [] };
        this.rest = this.rest.slice(end + 5);
        this.inData = false;
        this.say("250 taken");
    }
    login(given) {
        this.asksForUser = false;
        this.user = Buffer.from(given, "base64").toString().split("\0")[1];
        this.say("235 welcome");
    }
    command(line) {
        const verb = line.slice(0, 4).toUpperCase();
        const fault = faultOf(`smtp ${verb}`);
        if (fault) return this.say(`${fault.status} no`);
        if (verb === "EHLO") return this.say("250-messages", ...(this.encrypted ? ["250 AUTH PLAIN"] : ["250 STARTTLS"]));
        if (verb === "STAR") {
            this.say("220 go on");
            this.socket.removeAllListeners("data");
            return new Conversation(new tls.TLSSocket(this.socket, { isServer: true, ...secure }), true);
        }
        if (this.asksForUser) return this.login(line);
        if (verb === "AUTH") {
            const given = line.split(" ")[2];
            if (given) return this.login(given);
            this.asksForUser = true;
            return this.say("334 ");
        }
        if (verb === "MAIL") this.mail.from = /<(.*)>/.exec(line)[1];
        if (verb === "RCPT") this.mail.to.push(/<(.*)>/.exec(line)[1]);
        if (verb === "DATA") {
            this.inData = true;
            return this.say("354 go on");
        }
        this.say(verb === "QUIT" ? "221 bye" : "250 fine");
        if (verb === "QUIT") this.socket.end();
    }
}

const listening = (server) =>
    new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

const web = http.createServer(serve);
const mail = net.createServer((socket) => new Conversation(socket, false).say("220 messages"));
console.log(JSON.stringify({ port: await listening(web), smtp_port: await listening(mail) }));
