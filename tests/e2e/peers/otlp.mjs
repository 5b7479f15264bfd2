// OpenTelemetry's protocol as JSON, a request a line: by the classes that OpenTelemetry generates from its proto files.
// Those leave out what they do not know, so that a field of another name is one that is missing afterwards.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { opentelemetry } = require("@opentelemetry/otlp-transformer/build/src/generated/root.js");
const { metrics, trace } = opentelemetry.proto.collector;

const types = {
    resourceMetrics: metrics.v1.ExportMetricsServiceRequest,
    resourceSpans: trace.v1.ExportTraceServiceRequest,
};

function* unknownFields(given, message, path) {
    if (Array.isArray(given)) {
        for (const [i, item] of given.entries()) yield* unknownFields(item, message[i], `${path}[${i}]`);
    } else if (given !== null && typeof given === "object") {
        for (const [name, value] of Object.entries(given)) {
            if (message?.[name] === undefined || message[name] === null) yield `${path}.${name} is not a field`;
            else yield* unknownFields(value, message[name], `${path}.${name}`);
        }
    }
}

// What the encoding of JSON asks for besides: identifiers in hexadecimal digits, 64-bit integers as strings.
function* encodings(value, path) {
    if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) yield* encodings(item, `${path}[${i}]`);
    } else if (value !== null && typeof value === "object") {
        for (const [name, item] of Object.entries(value)) {
            const at = `${path}.${name}`;
            if (name === "traceId" && !/^[0-9a-f]{32}$/.test(item)) yield `${at} is no trace's identifier`;
            if (/^(parentS|s)panId$/.test(name) && !/^[0-9a-f]{16}$/.test(item)) yield `${at} is no span's identifier`;
            if (/UnixNano$|^count$/.test(name) && !/^\d+$/.test(String(typeof item === "string" && item)))
                yield `${at} is no integer of 64 bits in a string`;
            yield* encodings(item, at);
        }
    }
}

function* spanTrees(request) {
    const spans = request.resourceSpans?.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)) ?? [];
    const known = new Map(spans.map((span) => [span.spanId, span]));
    if (known.size !== spans.length) yield "two spans have one identifier";
    for (const span of spans) {
        if (BigInt(span.endTimeUnixNano) < BigInt(span.startTimeUnixNano)) yield `${span.name} ends before it begins`;
        if (span.parentSpanId && known.get(span.parentSpanId)?.traceId !== span.traceId)
            yield `the parent of ${span.name} is not in its trace`;
    }
}

function requestProblems(line, number) {
    const request = JSON.parse(line);
    const [name] = Object.keys(request);
    if (!types[name]) return [`line ${number}: ${name} is no request`];
    const message = types[name].fromObject(request);
    const wrong = types[name].verify(message);
    return [...(wrong ? [wrong] : []), ...unknownFields(request, message, ""), ...encodings(request, ""),
        ...spanTrees(request)].map((problem) => `line ${number}: ${problem}`);
}

export function problems(text) {
    return text.split("\n").flatMap((line, i) => (line === "" ? [] : requestProblems(line, i + 1)));
}
