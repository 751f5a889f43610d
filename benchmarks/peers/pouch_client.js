// One PouchDB for bench_peers.js: `node pouch_client.js up|down URL RECORDS`; a visit is a document, the disk is memory.
const { createRequire } = require("module");
const need = createRequire(process.env.POUCH + "/");
const PouchDB = need("pouchdb");
PouchDB.plugin(need("pouchdb-adapter-memory"));
const [what, url, records] = process.argv.slice(2);

(async () => {
  const local = new PouchDB("buku", { adapter: "memory" });
  const away = new PouchDB(url + "/posyandu");
  if (what === "up") await local.bulkDocs(JSON.parse(require("fs").readFileSync(records)));
  const wall = process.hrtime.bigint(), cpu = process.cpuUsage();
  const way = what === "up" ? local.replicate.to : local.replicate.from;
  await way(away);
  const used = process.cpuUsage(cpu);
  const seconds = Number(process.hrtime.bigint() - wall) / 1e9;
  const info = await local.info();
  console.log(JSON.stringify({ seconds, cpu: (used.user + used.system) / 1e6, records: info.doc_count }));
  process.exit(0);
})();
