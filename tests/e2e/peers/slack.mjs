// Messages to Slack, held against Slack's own types (@slack/types) by the compiler of TypeScript: a field that is missing,
// of another type, or that no block has.
import { fileURLToPath } from "node:url";
import ts from "typescript";

const file = fileURLToPath(new URL("./message.ts", import.meta.url));
const declared = `import type { KnownBlock } from "@slack/types";
type Message = { text: string, blocks: KnownBlock[], unfurl_links?: boolean, unfurl_media?: boolean, channel?: string,
    thread_ts?: string };
`;
const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };

export function problems(text) {
    const messages = [JSON.parse(text)].flat();
    const source = declared + messages.map((each, i) => `export const m${i}: Message = ${JSON.stringify(each)};`).join("\n");
    const host = ts.createCompilerHost(options), read = host.getSourceFile;
    host.getSourceFile = (name, ...rest) => name === file
        ? ts.createSourceFile(name, source, options.target) : read.call(host, name, ...rest);
    const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ").replace(/\s+/g, " "));
}
