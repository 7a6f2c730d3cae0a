import { expect, it } from "vitest";
import { TokenUnavailableError } from "../exchange/identity.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

function setup() {
  const services = testServices();
  const asked: string[] = [];
  services.credentialConnections = {
    find(provider, connection) {
      asked.push(`${provider}/${connection}`);
      if (connection === "none") return undefined;
      const credential = () => {
        if (connection === "away") throw new TokenUnavailableError("away");
        return { accessToken: `${provider}-${connection}`, claims: {} };
      };
      return { access: [], credential };
    },
  };
  const x = testExchange({ services, headers: { authorization: "Bearer of the caller" } });
  return { x, asked };
}

const policy = (attributes: string) => `<authentication-token-store ${attributes} />`;

it.each(["dropbox/jeff", "/dropbox/jeff", "https://s.tokenstore.azure.net/services/dropbox/tokens/jeff"])(
  "sends the token of %s",
  async (id) => {
    const { x } = setup();
    await runXml(policy(`token-id="${id}" client-id="c"`), x);
    expect(x.request.headers.raw).toEqual(["Authorization", "Bearer dropbox-jeff"]);
  },
);

it("keeps it in a variable instead", async () => {
  const { x } = setup();
  await runXml(policy(`token-id='@("a" + "/b")' output-token-variable-name="t"`), x);
  expect(x.variables.get("t")).toBe("a-b");
  expect(x.request.headers.get("authorization")).toBe("Bearer of the caller");
});

it.each(["a/none", "a/away", "a", "a/b/c"])("has no token for %s", async (id) => {
  await expect(runXml(policy(`token-id="${id}"`), setup().x)).rejects.toMatchObject({ status: 500 });
  const { x } = setup();
  await runXml(policy(`token-id="${id}" ignore-error="true"`), x);
  expect(x.request.headers.get("authorization")).toBe("Bearer of the caller");
});

it("needs to be told which", () => {
  expect(compileXml("<authentication-token-store />").diagnostics).toHaveLength(1);
});
