// The built page, below a sub-path, as a visitor meets it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { serve } from "./server.mjs";

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  server = await serve({ mount: "/some/where/" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

test("the bare URL loads from a sub-path without an error, a violation or a request to another host", async () => {
  const { page, faults, close, settled } = await openPage(browser);
  await page.goto(server.url);
  await settled();
  assert.deepEqual(faults, []);
  await close();
});

test("the policy is in force: inline script, evaluated text and a stray string as HTML are blocked", async () => {
  const { page, faults, close, settled } = await openPage(browser);
  await page.goto(server.url);
  await settled();
  const blocked = await page.evaluate(() => {
    const attempts = {
      html: () => (document.createElement("p").innerHTML = "<b>x</b>"),
      worker: () => new Worker("data:text/javascript,0"),
      policy: () => /** @type {any} */ (window).trustedTypes.createPolicy("another", {}),
    };
    return Object.entries(attempts).filter(([, attempt]) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    }).map(([name]) => name);
  });
  assert.deepEqual(blocked, ["html", "worker", "policy"]);
  const inline = await page.evaluate(() => {
    const script = document.createElement("script");
    try {
      script.textContent = "window.injected = true";
      document.body.append(script);
    } catch { /* blocked, as it should be */ }
    return "injected" in window;
  });
  assert.equal(inline, false);
  assert.ok(faults.some((fault) => fault.startsWith("policy violation")), "violations are noticed");
  await close();
});
