// Chromium as every browser test starts it, and a page that writes down what must not happen.
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** A result that is not there by then will not come. */
const RESULT_LIMIT_MS = 60_000;

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", args: FLAGS });
}

/**
 * Opens a page that keeps in `faults` every console error and warning, uncaught exception, policy
 * violation, failed request and request to another host; a test ends with `faults` empty.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openPage(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  // Policy violations reach the console as errors too; the event names what was blocked.
  await page.exposeFunction("reportViolation", (/** @type {string} */ text) => faults.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const where = event.sourceFile ? ` (${event.sourceFile}:${event.lineNumber})` : "";
      // @ts-expect-error exposed above
      reportViolation(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}${where}`);
    });
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("crash", () => faults.push("the page crashed"));
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && hostname !== "127.0.0.1") faults.push(`request to ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    // A request that the page itself gave up is no fault.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  return { page, faults, settled: () => settled(page, faults), close: () => context.close() };
}

/**
 * The finished result of the page's present link. What went wrong meanwhile is part of the error.
 * @param {import("playwright-core").Page} page
 * @param {string[]} faults
 */
async function settled(page, faults) {
  /** @type {NodeJS.Timeout|undefined} */
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no result within ${RESULT_LIMIT_MS / 1000} s`)), RESULT_LIMIT_MS);
  });
  try {
    await page.waitForFunction(() => "saddlescope" in window);
    // @ts-expect-error the page's own object
    return await Promise.race([page.evaluate(() => window.saddlescope.result()), late]);
  } catch (error) {
    throw new Error([String(error), ...faults].join("\n"));
  } finally {
    clearTimeout(timer);
  }
}
