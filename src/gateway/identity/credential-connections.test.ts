import { describe, expect, it } from "vitest";
import type { PlanConnection } from "../../plan/plan.ts";
import { Body } from "../../policy/exchange/body.ts";
import type { Credential } from "../../policy/exchange/identity.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { testServices } from "../../policy/testing/exchange.ts";
import { ConnectionStore } from "./credential-connections.ts";

const CLIENT = {
  tokenUrl: "https://idp.test/token",
  clientId: "id",
  clientSecret: { template: [{ secret: "s" }] },
  scope: "a b",
  authentication: "Body" as const,
  parameters: [],
};
const CLIENT_CREDENTIALS: PlanConnection["grant"] = { kind: "client-credentials", ...CLIENT };
const REFRESH: PlanConnection["grant"] = {
  kind: "refresh-token",
  ...CLIENT,
  refreshToken: { template: [{ secret: "r" }] },
};

function setup(answers: (object | number)[] = []) {
  const services = testServices(() => {
    const answer = answers.shift() ?? { access_token: `token${services.sent.length}`, expires_in: 3600, scope: "a" };
    if (typeof answer === "number") return new ResponseMessage(answer);
    return new ResponseMessage(200, "", undefined, Body.text(JSON.stringify(answer)));
  });
  const store = new ConnectionStore(services.http, services.clock);
  const secrets = new Map([
    ["s", "secret"],
    ["r", "refresh"],
  ]);
  const secret = (name: string) => {
    const value = secrets.get(name);
    if (value === undefined) throw new Error(`no ${name}`);
    return value;
  };
  const plan = (grant: PlanConnection["grant"], hash = "h") =>
    store.forPlan(
      [{ hash, part: { kind: "credential-provider", id: "GitHub", connections: [{ id: "Main", grant, access: [] }] } }],
      secret,
    );
  const credential = async (grant: PlanConnection["grant"], hash?: string): Promise<Credential> => {
    const connection = plan(grant, hash).find("github", "MAIN");
    if (!connection) throw new Error("no connection");
    return connection.credential();
  };
  const forms = () => services.sent.map(formOf);
  return { services, secrets, plan, credential, forms, clock: services.clock };
}

const formOf = ({ body }: OutgoingRequest) =>
  Object.fromEntries(new URLSearchParams(Buffer.from(body.buffered ?? []).toString()));

describe("client credentials", () => {
  it("are shown in the form", async () => {
    const { credential, forms, services } = setup();
    const found = await credential({
      ...CLIENT_CREDENTIALS,
      parameters: [["audience", "api"]],
    } as PlanConnection["grant"]);
    expect(found).toMatchObject({ accessToken: "token1", claims: { expires_in: 3600, scope: "a" } });
    expect(forms()).toEqual([
      { grant_type: "client_credentials", scope: "a b", audience: "api", client_id: "id", client_secret: "secret" },
    ]);
    expect(services.sent[0]).toMatchObject({
      method: "POST",
      url: { host: "idp.test", path: "/token" },
      followRedirects: false,
    });
  });

  it("or in a header", async () => {
    const { credential, forms, services, secrets } = setup();
    secrets.set("s", "s:&");
    await credential({ ...CLIENT_CREDENTIALS, authentication: "Basic", scope: null } as PlanConnection["grant"]);
    expect(forms()).toEqual([{ grant_type: "client_credentials" }]);
    const [name, value] = services.sent[0]?.headers ?? [];
    expect([name, Buffer.from(value?.slice(6) ?? "", "base64").toString()]).toEqual(["Authorization", "id:s%3A%26"]);
  });

  it("of a public client have no secret", async () => {
    const { credential, forms } = setup();
    await credential({ ...CLIENT_CREDENTIALS, clientSecret: null } as PlanConnection["grant"]);
    expect(forms()).toEqual([{ grant_type: "client_credentials", scope: "a b", client_id: "id" }]);
  });
});

describe("a refresh token", () => {
  it("is exchanged, and replaced where the endpoint gives another", async () => {
    const { credential, forms, clock } = setup([
      { access_token: "a", expires_in: 10, refresh_token: "second" },
      { access_token: "b", expires_in: 10 },
    ]);
    expect(await credential(REFRESH)).toEqual({
      ...(await credential(REFRESH)),
      accessToken: "a",
      claims: { expires_in: 10 },
    });
    for (const expected of ["b", "token3"]) {
      clock.time += 10_000;
      expect((await credential(REFRESH)).accessToken).toBe(expected);
    }
    expect(forms().map((form) => form.refresh_token)).toEqual(["refresh", "second", "second"]);
    expect(forms()[0]).toMatchObject({ grant_type: "refresh_token", client_id: "id", client_secret: "secret" });
  });
});

describe("a token of the folder's own", () => {
  it("is given as it is, at once", () => {
    const grant: PlanConnection["grant"] = {
      kind: "token",
      accessToken: { template: ["t-", { secret: "s" }] },
      claims: { scope: "x" },
    };
    expect(setup().plan(grant).find("GITHUB", "main")?.credential()).toEqual({
      accessToken: "t-secret",
      claims: { scope: "x" },
    });
  });
});

describe("what a connection has learnt", () => {
  it("outlives a plan in which it is unchanged", async () => {
    const { credential, services } = setup();
    await credential(CLIENT_CREDENTIALS, "one");
    await credential(CLIENT_CREDENTIALS, "one");
    expect(services.sent).toHaveLength(1);
    await credential(CLIENT_CREDENTIALS, "two");
    expect(services.sent).toHaveLength(2);
    await credential(CLIENT_CREDENTIALS, "one");
    expect(services.sent).toHaveLength(3);
  });

  it("goes with its secrets", async () => {
    const { credential, forms, secrets } = setup([{ access_token: "a", expires_in: 3600, refresh_token: "second" }]);
    await credential(REFRESH);
    secrets.set("r", "other");
    expect((await credential(REFRESH)).accessToken).toBe("token2");
    expect(forms().map((form) => form.refresh_token)).toEqual(["refresh", "other"]);
  });
});

describe("a connection without a token", () => {
  it("says why, and nothing of its secrets", async () => {
    await expect(setup([401]).credential(CLIENT_CREDENTIALS)).rejects.toMatchObject({
      name: "TokenUnavailableError",
      message: "The token endpoint https://idp.test answered 401.",
    });
    const { credential, secrets, services } = setup();
    secrets.clear();
    await expect(credential(CLIENT_CREDENTIALS)).rejects.toMatchObject({
      name: "TokenUnavailableError",
      message: "This gateway was not given the secrets of the connection.",
    });
    expect(services.sent).toEqual([]);
  });

  it("is not found under another name", () => {
    const connections = setup().plan(CLIENT_CREDENTIALS);
    expect(connections.find("github", "other")).toBeUndefined();
    expect(connections.find("other", "main")).toBeUndefined();
  });
});
