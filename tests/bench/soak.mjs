// What a worker's memory comes to after a long time: pages from the database and from memory, searches, lists as CSV, forms, signing in and orders, mixed, from
// connections that come and go. MINUTES=60 (60) CONNECTIONS=32, each of which asks about ten times a second.
// The load leaves the machine idle for a part of the time: it is time and variety that are wanted, the other parts of the bench bring numbers.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Town, drill } from '../drill/town.mjs';

const minutes = Number(process.env.MINUTES || 60), connections = Number(process.env.CONNECTIONS || 32), most = 40;
process.env.LIMIT ??= String(minutes * 60 + 600);
const town = new Town('bench-soak', { people: 200 });
const run = promisify(execFile);

const rss = () => town.workers().map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

function script() {
  const listings = town.sql(`SELECT ref FROM catalogue.listing WHERE unit = 'hour' AND minimum_minutes <= 60 ORDER BY id`).split('\n');
  const hats = town.sql(`SELECT council_id || '/' || id FROM identity.hat WHERE role = 'holder' AND ended_at IS NULL ORDER BY id LIMIT 200`).split('\n');
  const path = join(town.dir, 'soak.lua');
  writeFileSync(path, `local people = {${town.persons.map((p) => `{"${p.token}", "${p.outcome}"}`)}}
local listings = {${listings.map((l) => `"${l}"`)}}
local hats = {${hats.map((h) => `"${h}"`)}}
local words = {"care", "walk", "garden", "meal", "befriending", "cleaner", "dementia", "hot meal", "walking company", "xyzzy"}
local places = {"", "&near=EM1+1AA", "&near=EM1+2AB", "&near=Nowhere"}
local threads = 0
local n = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function init() math.randomseed(os.time() * 10 + id) end
function delay() return math.random(50, 150) end
local function any(list) return list[math.random(#list)] end
local function key() n = n + 1; return string.format("%08x-%04x-4%03x-8000-%06x%06x", math.random(0, 0x7ffffffe), math.random(0, 0xffff), id, math.random(0, 0xffffff), n) end
local function get(path, headers) return wrk.format("GET", path, headers) end
local function json(path, headers, body)
  headers["Content-Type"], headers["Accept"], headers["Idempotency-Key"] = "application/json", "application/json", key()
  return wrk.format("POST", path, headers, body)
end
local asks = {
  function() return get("/services?q=" .. any(words):gsub(" ", "+") .. any(places), {Cookie = "soak=1"}) end,
  function() return get("/services.csv?q=" .. any(words):gsub(" ", "+")) end,
  function() return get("/services/" .. any(listings)) end,
  function() return get("/events?page=" .. math.random(1, 5)) end,
  function(p) return get("/money", {Cookie = "s=" .. p[1]}) end,
  function(p) return get("/orders", {Cookie = "s=" .. p[1]}) end,
  function(p) return get("/orders.csv", {Cookie = "s=" .. p[1]}) end,
  function(p) return get("/ask/" .. any(listings), {Cookie = "s=" .. p[1]}) end,
  function(p) return json("/ask/" .. any(listings), {Cookie = "s=" .. p[1]}, '{"minutes": "60 minutes", "starts_on": "${town.day}", "outcome": "' .. p[2] .. '"}') end,
  function() return json("/demo/sign-in/" .. any(hats), {}, "{}") end,
  function() return get("/no-such-page-" .. n, {Connection = "close"}) end,
}
function request() return any(asks)(any(people)) end`);
  return path;
}

await drill(town, async (report) => {
  await town.startServer();
  const lua = script(), parts = 6, seen = [rss()];
  console.log(`after 0.0 minutes: ${seen[0].map((r) => r.toFixed(1)).join(' and ')} MB a worker`);
  for (let part = 1; part <= parts; part++) {
    const { stdout } = await run('wrk', ['-t', '2', '-c', String(connections), '-d', `${minutes * 60 / parts}s`, '--timeout', '10s', '-s', lua, `http://localhost:${town.port}/`]);
    seen.push(rss());
    console.log(`after ${(minutes * part / parts).toFixed(1)} minutes: ${seen.at(-1).map((r) => r.toFixed(1)).join(' and ')} MB a worker, ${/(\d+) requests/.exec(stdout)[1]} requests, ${
      /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0} answers of 400 and above (one address in eleven does not exist)`);
  }
  report.fact(Math.max(...seen.at(-1)) <= most, `${Math.max(...seen.at(-1)).toFixed(1)} MB after ${minutes} minutes, ${most} at most`);
  const verified = town.verify();
  report.fact(verified.clean, `marketcross verify: ${verified.said.trim().split('\n').slice(0, 5).join(' / ')}`);
});
