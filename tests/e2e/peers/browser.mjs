// A folder of pages in Chromium, as files, at three widths: what the console says, what axe-core finds (WCAG 2.1 AA), what
// is wider than the window, and what charts and tables show after a reader has used them.
//
//   node browser.mjs FOLDER PAGE… [--screenshots DIR]
//
// Prints one JSON document: { problems: [ "PAGE: PROBLEM" ], pages: { PAGE: { … } } }.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { examine, launch, open as openPage } from "./page_checks.mjs";

const widths = [360, 800, 1400];

const argumentsGiven = process.argv.slice(2);
const place = argumentsGiven.indexOf("--screenshots");
const screenshots = place >= 0 ? path.resolve(argumentsGiven.splice(place, 2)[1]) : null;
const [folder, ...names] = argumentsGiven;
if (screenshots) mkdirSync(screenshots, { recursive: true });

const browser = await launch();
const problems = [], pages = {};

// What a reader sees of each view: its table's rows, what stands under its chart, and how much of the chart is drawn on.
const readViews = () => [...document.querySelectorAll("figure[data-view]")].map((figure) => ({
    name: JSON.parse(figure.dataset.view).name,
    rows: [...figure.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
    titles: [...figure.querySelectorAll("th")].map((cell) => cell.textContent),
    note: figure.querySelector(".note")?.textContent ?? null,
    inked: [...figure.querySelectorAll("canvas")].some((canvas) => {
        const empty = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
        return canvas.width > 0 && canvas.toDataURL() !== empty.toDataURL();
    }),
}));

const open = (name, width, scheme) => openPage(browser, { name, width, scheme, problems,
    address: `file://${path.resolve(folder, name)}.html`, isOwn: (address) => /^(file|blob|data):/.test(address) });

async function look(name, width, scheme) {
    const page = await open(name, width, scheme);
    await examine(page, `${name}, ${scheme}`, problems);
    if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}-${width}-${scheme}.png`), fullPage: true });
    await page.close();
}

// What a reader does: choose a value, zoom, sort, show more, and save.
async function use(name) {
    const page = await open(name, 1400, "light");
    const result = { before: await page.evaluate(readViews) };
    const select = await page.$$eval(".filter label:not([hidden]) select", (all) =>
        all.map((each) => ({ name: each.name, options: [...each.options].map((option) => option.value) })));
    result.choices = select;
    if (select[0]) {
        await page.select(`select[name=${select[0].name}]`, select[0].options[1]);
        result.chosen = { name: select[0].name, value: select[0].options[1], address: await page.evaluate("location.hash") };
        result.after = await page.evaluate(readViews);
        await page.reload();
        result.reloaded = await page.evaluate(readViews);
        await page.click(".filter > button");
    }
    const zoom = await page.$(".buttons button");
    if (zoom) {
        await zoom.click();
        result.zoomed = await page.evaluate(readViews);
    }
    result.csv = await page.evaluate(async () => {
        const button = document.querySelector(".csv");
        if (!button) return null;
        let saved;
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { saved = blob; return make(blob); };
        HTMLAnchorElement.prototype.click = () => {};
        button.click();
        return saved.text();
    });
    await page.close();
    return result;
}

for (const name of names) {
    for (const width of widths) await look(name, width, "light");
    await look(name, 800, "dark");
    pages[name] = await use(name);
}
await browser.close();
console.log(JSON.stringify({ problems, pages }));
