// Keeps what is slow to make (an index of the description, compiled validators) beside the packages it was made from.
// The folder's name holds their versions and the code that makes it, so what is stale is never read.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const modules = join(here, "..", "node_modules");

function fingerprint() {
    const hash = createHash("sha256").update(readFileSync(join(here, "..", "package-lock.json")));
    for (const name of readdirSync(here).sort()) hash.update(readFileSync(join(here, name)));
    return hash.digest("hex").slice(0, 16);
}

const folder = join(modules, ".cache", `contract-${fingerprint()}`);

// The path of the cached file `name`; `make()` gives its content when it is not there. Several servers may start at
// once: each writes a file of its own and renames it.
export function cached(name, make) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    mkdirSync(folder, { recursive: true });
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, make());
    renameSync(fresh, path);
    return path;
}
