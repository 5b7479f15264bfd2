// The pages of `uhost serve` in Chromium, used with the keyboard at the width of a phone.
//
//   node service.mjs admin URL TOKEN FOLDER     sign in, see jobs, end the one that runs, run one again
//   node service.mjs live URL FOLDER            wait until the dashboard has shown itself anew
//
// Tells others that it has come so far by files in FOLDER. Prints one JSON document: { problems: [ … ], … }.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { examine, launch, open } from "./page_checks.mjs";

const [what, url, ...rest] = process.argv.slice(2);
const problems = [], seen = {};
const browser = await launch();
const at = (name, options) => open(browser, { name, width: 360, problems, ...options,
    isOwn: (address) => address.startsWith(url) || address.startsWith("data:") });

// Goes on from one element that takes the keyboard to the next, until one fits.
async function tabTo(page, fits) {
    for (let i = 0; i < 80; i++) {
        await page.keyboard.press("Tab");
        const name = await page.evaluate(() => document.activeElement.getAttribute("aria-label")
            ?? document.activeElement.id);
        if (fits(name ?? "")) return name;
    }
    problems.push(`${what}: the keyboard does not come to ${fits}`);
}

const states = (page) => page.$$eval("#jobs tr", (rows) =>
    Object.fromEntries(rows.map((row) => [row.cells[3].textContent, row.cells[1].textContent])));

async function admin(token, folder) {
    for (const scheme of ["light", "dark"]) {
        const page = await at("signed out", { address: `${url}/admin`, scheme });
        await examine(page, `signed out, ${scheme}`, problems);
        await page.close();
    }
    const page = await at("admin", { address: `${url}/admin` });
    await tabTo(page, (name) => name === "token");
    await page.keyboard.type("not the token");
    // What a wrong token is answered with is in the console, too.
    const complaints = problems.length;
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#problem").textContent !== "");
    seen.refusal = await page.$eval("#problem", (node) => node.textContent);
    problems.splice(complaints);
    seen.focus = await page.evaluate(() => document.activeElement.id);
    await page.keyboard.type(token);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#jobs tr");
    seen.first = await states(page);
    await examine(page, "signed in", problems);
    await tabTo(page, (name) => name.startsWith("Cancel: job"));
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.textContent === "Run again");
    seen.cancelled = await states(page);
    writeFileSync(path.join(folder, "go"), "");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => [...document.querySelectorAll("#jobs tr")].every((row) =>
        row.cells[1].textContent.startsWith("done")));
    seen.last = await states(page);
    seen.stays = await page.evaluate(() => document.activeElement.textContent);
    await examine(page, "at the end", problems);
}

async function live(folder) {
    const page = await at("dashboard", { address: `${url}/` });
    await page.waitForSelector("html[data-ready]");
    await page.evaluate(() => { window.isOld = true; });
    writeFileSync(path.join(folder, "watching"), "");
    await page.waitForFunction(() => !window.isOld && document.documentElement.dataset.ready, { timeout: 120000 });
    seen.text = await page.evaluate(() => document.body.innerText);
    await examine(page, "dashboard", problems);
}

await { admin, live }[what](...rest);
await browser.close();
console.log(JSON.stringify({ problems, ...seen }));
