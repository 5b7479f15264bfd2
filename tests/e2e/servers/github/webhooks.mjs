// The payloads of GitHub's webhooks, as @octokit/webhooks-examples has them.
//
//   node webhooks.mjs             prints each on a line of its own: the event, a tab, the payload as JSON
//   node webhooks.mjs --compare   reads such lines and prints the numbers of those that say something else
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

const source = new URL("node_modules/@octokit/webhooks-examples/api.github.com/index.json", import.meta.url);
const payloads = JSON.parse(readFileSync(source, "utf8")).flatMap(({ name, examples }) =>
    examples.map((payload) => ({ name, payload })),
);

if (process.argv[2] === "--compare") {
    const lines = readFileSync(0, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t"));
    const differs = ({ name, payload }, i) =>
        lines[i]?.[0] !== name || !isDeepStrictEqual(JSON.parse(lines[i][1]), payload);
    const wrong = payloads.map((each, i) => (differs(each, i) ? i + 1 : 0)).filter((number) => number > 0);
    console.log(JSON.stringify(wrong));
} else {
    for (const { name, payload } of payloads) console.log(`${name}\t${JSON.stringify(payload)}`);
}
