// Chromium as every browser test starts it, and a page that writes down what must not happen.
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** Drawing is work of the page's main thread here. GRAPHICS=emulated gives it to another process, as where there is a graphics
 * processor: frames then are the page's own work, though every picture comes later. */
const GRAPHICS = process.env.GRAPHICS === "emulated"
  ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--enable-gpu-rasterization"]
  : ["--disable-gpu"];

const FLAGS = [
  ...GRAPHICS,
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** A result that is not there by then will not come. */
const RESULT_LIMIT_MS = 60_000;

const PROGRAM = process.env.CHROME_PATH ?? "/usr/bin/chromium";

export function launch() {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

/**
 * A Chromium with one window, whose tabs hide each other. In browsers that Playwright starts, and in contexts that it makes,
 * every page is told that it has the focus, and none is ever hidden. The first tab is empty: the browser's own start page asks for much.
 */
export async function launchWithTabs() {
  const profile = mkdtempSync(join(tmpdir(), "saddlescope-profile-"));
  const program = spawn(PROGRAM, [...FLAGS, "--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => program.once("exit", done));
  const close = async () => {
    program.kill();
    await ended;
    // the program's children write for a moment after its end
    await rm(profile, { recursive: true, force: true, maxRetries: 20 });
  };
  let said = "";
  const address = await new Promise((/** @type {(address: string|undefined) => void} */ found) => {
    program.stderr.on("data", (text) => {
      said += text;
      const line = /DevTools listening on (ws:\S+)/.exec(said);
      if (line) found(line[1]);
    });
    ended.then(() => found(undefined));
  });
  if (!address) {
    await close();
    throw new Error(`Chromium did not start:\n${said}`);
  }
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  return { context: browser.contexts()[0], close: async () => { await browser.close(); await close(); } };
}

/** A page of a context of its own. @param {import("playwright-core").Browser} browser @param {import("playwright-core").BrowserContextOptions} [options] */
export const openPage = async (browser, options) => watched(await browser.newContext(options));

/**
 * Opens a page that keeps in `faults` every console error and warning, uncaught exception, policy
 * violation, failed request and request to another host; a test ends with `faults` empty.
 * @param {import("playwright-core").BrowserContext} context
 */
export async function watched(context) {
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
