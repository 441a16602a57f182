// Opens pages in Firefox and prints what it saw, for tests/e2e/test_firefox.py: Playwright cannot drive a distribution's Firefox.
// usage: node firefox_smoke.mjs FIREFOX '{"preferences": {}, "visits": [{"address", "click", "selector"}]}'
//        Each selector is waited for, after a click on the link `click` if that is not null. All visits are one profile's.
import { createRequire } from "node:module";

// Installed with the page's tools.
const { resolve } = createRequire(new URL("../../web/package.json", import.meta.url));
const { default: puppeteer } = await import(resolve("puppeteer-core"));

const [executablePath, tour] = process.argv.slice(2);
const { preferences, visits } = JSON.parse(tour);
const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  acceptInsecureCerts: true,
  extraPrefsFirefox: preferences,
});
const seen = [];
try {
  for (const { address, click, selector } of visits) {
    const page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(address, { waitUntil: "load" });
    if (click) await Promise.all([page.waitForNavigation(), page.click(click)]);
    const found = await page
      .waitForSelector(selector, { timeout: 15_000 })
      .then((element) => element.evaluate((node) => node.textContent))
      .catch((error) => (errors.push(String(error)), null));
    const painted = await page.evaluate(() =>
      [...document.querySelectorAll("canvas")].map((canvas) => {
        const context = canvas.getContext("2d");
        const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let count = 0;
        for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) count++;
        return count;
      }),
    );
    seen.push({ address: page.url(), title: await page.title(), found, painted, errors });
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
