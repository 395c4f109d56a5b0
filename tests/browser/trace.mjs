// What the main thread of a page did, read from a trace of the browser.

const CATEGORIES = ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline"];
const FRAME = 1e6 / 60;

/** Work of the page itself, not of the browser that shows it. */
const SCRIPT = new Set(["FunctionCall", "TimerFire", "FireAnimationFrame", "FireIdleCallback", "EventDispatch",
  "EvaluateScript", "RunMicrotasks", "HandlePostMessage", "SchedulePostMessage", "TimerInstall", "RequestAnimationFrame"]);

/**
 * Runs `action` under a trace.
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<unknown>} action
 */
export async function traced(page, action) {
  const browser = /** @type {import("playwright-core").Browser} */ (page.context().browser());
  await browser.startTracing(page, { categories: CATEGORIES });
  await action();
  /** @type {{traceEvents: any[]}} */
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  return mainThread(traceEvents);
}

/**
 * The busiest main thread of a page: the milliseconds of work between one frame and the next, and the
 * names of the script events on every thread of that process, workers included.
 * @param {any[]} events
 */
function mainThread(events) {
  const tasks = events.filter((event) => event.name === "RunTask" && event.ph === "X");
  const mains = events.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain");
  const work = (/** @type {any} */ thread) => tasks
    .filter((task) => task.pid === thread.pid && task.tid === thread.tid)
    .sort((a, b) => a.ts - b.ts);
  const busy = mains.map((thread) => ({ thread, tasks: work(thread) }))
    .sort((a, b) => sum(b.tasks) - sum(a.tasks))[0];
  if (!busy) return { frames: [], scripts: [] };

  /** @type {number[]} */
  const begins = events
    .filter((event) => event.name === "AnimationFrame::Render")
    .filter((event) => event.pid === busy.thread.pid && event.tid === busy.thread.tid)
    .map((event) => event.ts)
    .sort((a, b) => a - b);
  // A bucket of work ends at the next frame, or after a frame's time where none is drawn. A long task
  // counts whole in the bucket that it starts in: it holds that frame up.
  /** @type {number[]} */
  const frames = [];
  let end = -Infinity;
  for (const task of busy.tasks) {
    if (task.ts >= end) {
      frames.push(0);
      end = Math.min(begins.find((ts) => ts > task.ts) ?? Infinity, task.ts + FRAME);
    }
    frames[frames.length - 1] += cost(task);
  }
  const scripts = events
    .filter((event) => event.pid === busy.thread.pid && SCRIPT.has(event.name))
    .map((event) => event.args?.data?.type ? `${event.name} ${event.args.data.type}` : event.name);
  return { frames, scripts };
}

/** Time that a task had the processor, where the browser tells: other programs' turns are not its work. */
const cost = (/** @type {any} */ task) => (task.tdur ?? task.dur) / 1000;
const sum = (/** @type {any[]} */ tasks) => tasks.reduce((total, task) => total + cost(task), 0);

/**
 * The smallest value that at least the fraction `q` of the values do not exceed; NaN of none.
 * @param {number[]} values
 * @param {number} q
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}
