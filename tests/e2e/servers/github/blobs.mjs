// Where logs and artifacts are fetched from: another origin, by addresses that hold for a while and need no token. Who
// sends a token here anyway has shown it to a stranger.
import { Readable } from "node:stream";

const refusal = (code) => `\u{feff}<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`;
const line = Buffer.from("2026-01-01T00:00:00.0000000Z A line of a log that continues and on and says nothing at all\n");

function* lines(bytes) {
    const block = Buffer.concat(Array(512).fill(line));
    for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block;
}

export class Blobs {
    #kept = new Map();
    #expired = 0;
    #life = 600;
    #cuts = 0;
    #cutAfter = 0;
    #ignoresRanges = false;
    origin = null;

    apply({ blobs }) {
        if (blobs?.expired !== undefined) this.#expired = blobs.expired;
        if (blobs?.life_s !== undefined) this.#life = blobs.life_s;
        if (blobs?.cuts !== undefined) this.#cuts = blobs.cuts;
        if (blobs?.cut_after !== undefined) this.#cutAfter = blobs.cut_after;
        if (blobs?.ignores_ranges !== undefined) this.#ignoresRanges = blobs.ignores_ranges;
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
            this.#sendFile(request, response, found);
        }
        return null;
    }

    // The file, or the rest of it that a range asks for; cut off as long as cuts are left.
    #sendFile(request, response, { type, bytes }) {
        const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
        const start = range && !this.#ignoresRanges ? Number(range[1]) : 0;
        const rest = bytes.subarray(start);
        const partial = start > 0 ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
        response.writeHead(start > 0 ? 206 : 200, { "content-type": type, "content-length": rest.length, ...partial });
        if (this.#cuts <= 0) return response.end(rest);
        this.#cuts -= 1;
        response.write(rest.subarray(0, this.#cutAfter), () => setTimeout(() => response.destroy(), 10));
    }

    #send(response, status, type, bytes) {
        response.writeHead(status, { "content-type": type, "content-length": bytes.length });
        response.end(bytes);
    }
}
