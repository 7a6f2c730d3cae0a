// The backend where NGINX is not installed: `node backend-server.ts PORT`.
import { createServer } from "node:http";
import { GREETING, LARGE } from "./scenarios.ts";

const greeting = Buffer.from(GREETING);
const large = Buffer.alloc(LARGE, "x");

const server = createServer((request, response) => {
  const body = request.url === "/bench/body" ? large : greeting;
  const headers: Record<string, string | number> = { "content-type": "text/plain", "content-length": body.length };
  const caller = request.headers["x-caller"];
  if (request.headers["x-check"] && typeof caller === "string") headers["x-seen-caller"] = caller;
  request.resume();
  // The answer waits for the whole request, so that a POST has been forwarded to its end.
  request.on("end", () => response.writeHead(200, headers).end(body));
});
server.keepAliveTimeout = 600_000;
server.listen(Number(process.argv[2]), "127.0.0.1");
