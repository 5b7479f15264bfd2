// Where logs and artifacts are fetched from: another origin, by addresses that hold for a while and need no token. Who
// sends a token here anyway has shown it to a stranger.
import { Readable } from "node:stream";

const refusal = (code) => `\u{feff}<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`;
const line = Buffer.from("2026-01-01T00:00:00.0000000Z A line of a log that goes on and on and says nothing at all\n");

function* lines(bytes) {
    const block = Buffer.concat(Array(512).fill(line));
    for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block;
}

export class Blobs {
    #kept = new Map();
    #expired = 0;
    #life = 600;
    origin = null;

    apply({ blobs }) {
        if (blobs?.expired !== undefined) this.#expired = blobs.expired;
        if (blobs?.life_s !== undefined) this.#life = blobs.life_s;
    }

    // The address of `content`: { bytes: Buffer } or { size } of a log made up, and { type }.
    put(content) {
        const name = `${this.#kept.size + 1}-${Math.random().toString(36).slice(2)}`;
        const isExpired = this.#expired > 0;
        if (isExpired) this.#expired -= 1;
        this.#kept.set(name, { ...content, until: isExpired ? 0 : Date.now() + this.#life * 1000 });
        return `${this.origin}/blobs/${name}?sig=secret-signature`;
    }

    // Gives what is wrong with the request, or null.
    serve(request, response) {
        const found = this.#kept.get(new URL(request.url, this.origin).pathname.slice("/blobs/".length));
        if (request.headers.authorization) {
            this.#send(response, 400, "application/xml", Buffer.from(refusal("InvalidAuthenticationInfo")));
            return "the token was sent to another origin than GitHub's";
        }
        if (!found || found.until < Date.now()) {
            this.#send(response, 403, "application/xml", Buffer.from(refusal("AuthenticationFailed")));
        } else if (found.size !== undefined) {
            response.writeHead(200, { "content-type": found.type, "content-length": found.size });
            Readable.from(lines(found.size)).pipe(response);
        } else {
            this.#send(response, 200, found.type, found.bytes);
        }
        return null;
    }

    #send(response, status, type, bytes) {
        response.writeHead(status, { "content-type": type, "content-length": bytes.length });
        response.end(bytes);
    }
}
