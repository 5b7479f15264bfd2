// Prettier, as projects run it that have no settings of their own.
import { check } from "prettier";

export async function problems(text, file) {
    return (await check(text, { filepath: file })) ? [] : ["is not formatted as Prettier does"];
}
