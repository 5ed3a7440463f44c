// Puts into a trace what would take over a page that does not quote.
import { readFileSync, writeFileSync } from "node:fs";

const [, , from, to] = process.argv;
const trace = JSON.parse(readFileSync(from, "utf8"));
const attack = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'><!--";
trace.note = attack;
trace.scenario.about = attack;
trace.scenario.name = attack;
writeFileSync(to, JSON.stringify(trace));
