// A server of the CouchDB replication protocol (express-pouchdb), kept in memory: `node pouch_server.js PORT`.
const { createRequire } = require("module");
const need = createRequire(process.env.POUCH + "/");
const PouchDB = need("pouchdb");
PouchDB.plugin(need("pouchdb-adapter-memory"));
const app = createRequire(need.resolve("express-pouchdb"))("express")(); // its own, of the version it was made for
const options = { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: process.env.POUCH_LOG };
app.use("/", need("express-pouchdb")(PouchDB.defaults({ adapter: "memory" }), options));
app.listen(Number(process.argv[2]), "127.0.0.1");
