import { launch, openPage } from "./browser.mjs";
import { serve } from "./server.mjs";
const server = await serve(); const browser = await launch();
for (let i=0;i<4;i++){
 const { page, close } = await openPage(browser);
 const s = await page.context().newCDPSession(page); await s.send("Emulation.setCPUThrottlingRate", { rate: Number(process.argv[2]??4) });
 await page.goto(server.url);
 const t = await page.waitForFunction(() => performance.getEntriesByName("first-figure")[0]?.startTime).then(h=>h.jsonValue());
 const res = await page.evaluate(()=>({nav: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, paints: performance.getEntriesByType('paint').map(p=>[p.name,p.startTime|0]), res: performance.getEntriesByType('resource').map(r=>[r.name.split('/').pop(), r.startTime|0, r.responseEnd|0]), marks: performance.getEntriesByType('mark').map(m=>[m.name,m.startTime|0])}));
 console.log(t, JSON.stringify(i===3?res:res.marks)); await close();
}
await browser.close(); await server.close();
