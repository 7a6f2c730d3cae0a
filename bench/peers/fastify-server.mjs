// The server of the @fastify/http-proxy peer: `node fastify-server.mjs SETTINGS.json`. Written as its users write it.
// Plain JavaScript, because its packages stand outside the project and have no types here.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const settings = JSON.parse(readFileSync(process.argv[2], "utf8"));
const load = createRequire(join(settings.tools, "package.json"));
const Fastify = load("fastify");
const proxy = load("@fastify/http-proxy");

const app = Fastify({ logger: false });
const undici = { connections: 512, pipelining: 1 };

switch (settings.scenario) {
  case "key": {
    const callers = new Map(Object.entries(settings.callers));
    app.decorateRequest("caller", "");
    app.addHook("onRequest", (request, reply, done) => {
      const caller = callers.get(request.headers[settings.keyHeader]);
      if (caller === undefined) {
        reply.code(401).send({ statusCode: 401, message: "Access denied." });
        return;
      }
      request.caller = caller;
      done();
    });
    const silent = { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false };
    await app.register(load("@fastify/rate-limit"), {
      max: 1_000_000,
      timeWindow: 10_000,
      keyGenerator: (request) => request.caller,
      addHeaders: silent,
      addHeadersOnExceeding: silent,
    });
    app.addHook("onSend", (_request, reply, _payload, done) => {
      reply.header("x-served-by", "bench");
      done();
    });
    await app.register(proxy, {
      upstream: settings.upstream,
      undici,
      replyOptions: { rewriteRequestHeaders: (request, headers) => ({ ...headers, "x-caller": request.caller }) },
    });
    break;
  }
  case "jwt": {
    await app.register(load("@fastify/jwt"), {
      secret: { public: settings.publicKey },
      verify: { algorithms: ["RS256"], allowedAud: settings.audience },
    });
    await app.register(proxy, {
      upstream: settings.upstream,
      undici,
      async preHandler(request, reply) {
        await request.jwtVerify();
        if (request.user.role !== settings.role) return reply.code(403).send({ statusCode: 403, message: "Forbidden" });
      },
    });
    break;
  }
  case "routes-1000": {
    // One pool for all of them: a thousand pools would measure connecting.
    const { Pool } = load("undici");
    const pool = new Pool(settings.upstream, undici);
    for (const prefix of settings.routes) {
      await app.register(proxy, { upstream: settings.upstream, prefix, rewritePrefix: prefix, undici: pool });
    }
    break;
  }
  default:
    await app.register(proxy, { upstream: settings.upstream, undici });
}

await app.listen({ host: "127.0.0.1", port: settings.port });
