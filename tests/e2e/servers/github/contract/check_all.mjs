// Holds requests against the description: reads lines of JSON, { method, path (with the query), type, body }, and prints
// for each line that breaks it { request, operation, problems }.
import { readFileSync } from "node:fs";
import { check } from "./contract.mjs";

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const { method, path, type, body } = JSON.parse(line);
    const url = new URL(path, "https://api.github.com");
    const headers = { accept: "application/vnd.github+json", "content-type": type };
    const { operation, problems } = check(method, url.pathname, url.searchParams, headers, body ?? "");
    console.log(JSON.stringify({ operation: operation?.id ?? null, problems }));
}
