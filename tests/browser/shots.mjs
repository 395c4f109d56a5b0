// PNG pictures of every lab: light and dark, 1280 and 390 px wide, into shots/.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, openPage } from "./browser.mjs";
import { LABS } from "./lab-names.mjs";
import { serve } from "./server.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = join(root, "shots");
mkdirSync(shots, { recursive: true });

const server = await serve();
const browser = await launch();
let broken = 0;
for (const lab of LABS) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const width of [1280, 390]) {
      const name = `${lab}-${colorScheme}-${width}.png`;
      const viewport = { width, height: 900 };
      const { page, faults, close, settled } = await openPage(browser, { colorScheme, viewport, deviceScaleFactor: 2, reducedMotion: "reduce" });
      await page.goto(`${server.url}#${lab}`);
      await settled();
      // Figures and cards are drawn when they come near the screen.
      await page.evaluate(async () => {
        for (let y = 0; y < document.body.scrollHeight; y += 400) {
          scrollTo(0, y);
          await new Promise((done) => setTimeout(done, 150));
        }
        scrollTo(0, 0);
      });
      // The finished numbers come before the frame that shows them.
      await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown))));
      await page.screenshot({ path: join(shots, name), fullPage: true });
      if (colorScheme === "light" && width === 1280) {
        // The figure alone, as README shows it.
        await page.locator(".stage canvas").first().screenshot({ path: join(shots, `${lab}-figure.png`) });
      }
      console.log(`shots/${name}${faults.length ? `  ${faults.length} faults: ${faults[0]}` : ""}`);
      broken += faults.length;
      await close();
    }
  }
}
await browser.close();
await server.close();
process.exitCode = broken > 0 ? 1 : 0;
