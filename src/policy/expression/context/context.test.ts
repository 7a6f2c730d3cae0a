import { describe, expect, it } from "vitest";
import { SourceText } from "../../../model/source-text.ts";
import { Body } from "../../exchange/body.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { HeaderList } from "../../exchange/headers.ts";
import { ResponseMessage } from "../../exchange/message.ts";
import { parseUrl } from "../../exchange/url.ts";
import { testExchange } from "../../testing/exchange.ts";
import { ClrException } from "../clr/exceptions.ts";
import { compileExpression, loadExpression } from "../compile.ts";
import { toText } from "../convert.ts";
import { Authorization } from "./credentials.ts";
import { Jwt } from "./jwt.ts";

function run(text: string, x: Exchange): unknown {
  const source = text.startsWith("@") ? text : `@(${text})`;
  const { compiled, diagnostics } = compileExpression(SourceText.of(source));
  if (!compiled) throw new Error(`${text}: ${diagnostics.map((d) => d.message).join("; ")}`);
  return loadExpression(compiled.js)(x);
}

const text = (expression: string, x: Exchange) => toText(run(expression, x));

function thrown(expression: string, x: Exchange): string {
  try {
    run(expression, x);
  } catch (error) {
    if (error instanceof ClrException) return `${error.clrName}: ${error.message}`;
    throw error;
  }
  return "nothing";
}

function exchange(): Exchange {
  const x = testExchange({
    method: "POST",
    url: "http://gateway.test:8080/shop/orders/7?q=a&q=b%20c&z=1",
    headers: { "X-User": "u1", Accept: "text/plain", "content-type": "application/json" },
    body: Body.text('{"a":[1,{"b":"c"}],"n":null,"t":"2026-01-05T09:05:07Z"}'),
  });
  x.request.headers.append("x-user", "u2");
  x.matchedParameters = { id: "7" };
  x.variables.set("text", "va");
  x.variables.set("number", 5);
  x.variables.set("nothing", null);
  return x;
}

describe("request", () => {
  const x = exchange();
  it.each([
    ["context.Request.Method", "POST"],
    ["context.Request.IpAddress", "192.0.2.1"],
    ["context.Request.Url.Path", "/shop/orders/7"],
    ["context.Request.Url.Host", "backend.upstream"],
    ["context.Request.Url.QueryString", "?q=a&q=b%20c&z=1"],
    ["context.Request.Url.ToString()", "http://backend.upstream/shop/orders/7?q=a&q=b%20c&z=1"],
    ['"" + context.Request.OriginalUrl', "http://gateway.test:8080/shop/orders/7?q=a&q=b%20c&z=1"],
    ["context.Request.OriginalUrl.Port + 1", "8081"],
    ["context.Request.OriginalUrl.Scheme", "http"],
    ["context.Request.Certificate == null", "True"],
    ['context.Request.PrivateEndpointConnection?.Name ?? "none"', "none"],
    ["context.RequestId", "00000000-0000-4000-8000-000000000001"],
    ["context.Timestamp", "01/05/2026 09:05:07"],
    ["context.Elapsed.TotalSeconds", "0"],
    ["context.Tracing", "False"],
  ])("%s", (expression, expected) => {
    expect(text(expression, x)).toBe(expected);
  });
});

describe("headers, query and template parameters", () => {
  const x = exchange();
  it.each([
    ['context.Request.Headers.GetValueOrDefault("x-USER")', "u1,u2"],
    ['context.Request.Headers.GetValueOrDefault("none")', null],
    ['context.Request.Headers.GetValueOrDefault("none", "d")', "d"],
    ['context.Request.Headers["x-user"][1]', "u2"],
    ['context.Request.Headers["none"]', null],
    ['context.Request.Headers.ContainsKey("ACCEPT")', "True"],
    ['context.Request.Headers.TryGetValue("accept", out var v) ? v[0] : ""', "text/plain"],
    ["context.Request.Headers.Count", "3"],
    ['string.Join(",", context.Request.Headers.Keys)', "X-User,Accept,content-type"],
    [
      'string.Join(";", context.Request.Headers.Select(h => h.Key + "=" + string.Join("|", h.Value)))',
      "X-User=u1|u2;Accept=text/plain;content-type=application/json",
    ],
    [
      'context.Request.Headers.Where(h => h.Key.StartsWith("X-")).ToDictionary(h => h.Key, h => h.Value.First())["X-User"]',
      "u1",
    ],
    ['context.Request.Headers.Any(h => h.Value.Contains("u2"))', "True"],
    ["@{ var n = 0; foreach (var h in context.Request.Headers) n += h.Value.Length; return n; }", "4"],
    ['@{ var h = context.Request.Headers; return h.GetValueOrDefault("accept"); }', "text/plain"],
    [
      '@{ IReadOnlyDictionary<string, string[]> h = context.Request.Headers; return h.GetValueOrDefault("accept", "") + h["x-user"].Length; }',
      "text/plain2",
    ],
    ['new[] { context.Request.Headers }[0].GetValueOrDefault("accept")', "text/plain"],
    ['new { h = context.Request.Headers }.h.GetValueOrDefault("accept")', "text/plain"],
    ['context.Request.Url.Query.GetValueOrDefault("q")', "a,b c"],
    ['context.Request.Url.Query.GetValueOrDefault("none", "d")', "d"],
    ['context.Request.Url.Query["q"][1]', "b c"],
    ["context.Request.Url.Query.Select(p => p.Key + p.Value.Length).Aggregate((a, b) => a + b)", "q2z1"],
    ['context.Request.MatchedParameters["id"]', "7"],
    ['context.Request.MatchedParameters.GetValueOrDefault("none", "d")', "d"],
    ['context.Request.MatchedParameters.ContainsKey("id")', "True"],
    ["context.Request.MatchedParameters.First().ToString()", "[id, 7]"],
  ])("%s", (expression, expected) => {
    expect(text(expression, x)).toBe(expected);
  });
});

describe("variables", () => {
  const x = exchange();
  it.each([
    ['(string)context.Variables["text"]', "va"],
    ['(int)context.Variables["number"] + 1', "6"],
    ['context.Variables["missing"]', null],
    ['context.Variables.GetValueOrDefault<string>("text")', "va"],
    ['context.Variables.GetValueOrDefault<string>("missing")', null],
    ['context.Variables.GetValueOrDefault<int>("missing")', "0"],
    ['context.Variables.GetValueOrDefault<int?>("missing")', null],
    ['context.Variables.GetValueOrDefault<bool>("missing")', "False"],
    ['context.Variables.GetValueOrDefault("missing", "d")', "d"],
    ['context.Variables.GetValueOrDefault("number", 1) + 1', "6"],
    ['(int)context.Variables.GetValueOrDefault("number")', "5"],
    ['context.Variables.GetValueOrDefault("missing", null)', null],
    ['context.Variables.GetValueOrDefault<string>("nothing", "d")', null],
    ['context.Variables.ContainsKey("nothing")', "True"],
    ['context.Variables.TryGetValue("number", out object n) ? (int)n : 0', "5"],
    ["context.Variables.Count", "3"],
    ['string.Join(",", context.Variables.Keys)', "text,number,nothing"],
    ["context.Variables.Count(v => v.Value is string)", "1"],
  ])("%s", (expression, expected) => {
    expect(text(expression, x)).toBe(expected);
  });

  it.each([
    ['(int)context.Variables["text"]', "System.InvalidCastException"],
    ['(string)context.Variables["number"]', "System.InvalidCastException"],
    ['(long)context.Variables["number"]', "System.InvalidCastException"],
    ['context.Variables.GetValueOrDefault<int>("text")', "System.InvalidCastException"],
    ['context.Variables.GetValueOrDefault<long>("number")', "System.InvalidCastException"],
    ['context.Variables.GetValueOrDefault<int>("nothing")', "System.NullReferenceException"],
    ['context.Variables.GetValueOrDefault("text", 1)', "System.InvalidCastException"],
  ])("%s throws", (expression, expected) => {
    expect(thrown(expression, x)).toContain(expected);
  });

  it("keep the object that was stored", () => {
    const made = exchange();
    made.variables.set("o", run('JObject.Parse("{}")', made));
    run('@{ ((JObject)context.Variables["o"])["a"] = 1; return null; }', made);
    expect(text('((JObject)context.Variables["o"])["a"]', made)).toBe("1");
  });
});

describe("bodies", () => {
  it.each([
    ["context.Request.Body.As<string>().Length", "55"],
    ['context.Request.Body.As<JObject>()["a"][1]["b"]', "c"],
    ['context.Request.Body.As<JToken>()["a"][0]', "1"],
    ['context.Request.Body.As<JObject>()["t"].Type', "String"],
    [
      "context.Request.Body.As<JObject>().ToString(Formatting.None)",
      '{"a":[1,{"b":"c"}],"n":null,"t":"2026-01-05T09:05:07Z"}',
    ],
    ["context.Request.Body.As<byte[]>().Length", "55"],
  ])("%s", (expression, expected) => {
    expect(text(expression, exchange())).toBe(expected);
  });

  it("are gone once read, unless preserved", () => {
    const x = exchange();
    expect(text("context.Request.Body.As<string>(preserveContent: true).Length", x)).toBe("55");
    expect(x.request.body.consumed).toBe(false);
    expect(text("context.Request.Body.As<string>().Length", x)).toBe("55");
    expect(x.request.body.consumed).toBe(true);
    expect(thrown("context.Request.Body.As<string>()", x)).toContain("System.InvalidOperationException");
  });

  it("are null when there are none", () => {
    expect(text("context.Request.Body == null", testExchange())).toBe("True");
    expect(run("context.Request.Body?.As<string>()", testExchange())).toBeNull();
  });

  it("say what is wrong with their content", () => {
    const x = testExchange({ method: "POST", body: Body.text("[1]") });
    expect(thrown("context.Request.Body.As<JObject>(true)", x)).toBe(
      "Newtonsoft.Json.JsonReaderException: The message body is not a valid JSON. Error reading JObject from JsonReader. Current JsonReader item is not an object: StartArray. Path '', line 1, position 1.",
    );
    expect(text("context.Request.Body.As<JArray>(true).Count", x)).toBe("1");
    expect(thrown("context.Request.Body.As<XElement>(true)", x)).toContain("System.Xml.XmlException");
    expect(thrown("context.Request.Body.As<int>(true)", x)).toContain("System.NotSupportedException");
  });

  it("follow the charset of Content-Type and lose their byte order mark", () => {
    const latin = testExchange({
      method: "POST",
      headers: { "content-type": "text/plain; charset=iso-8859-1" },
      body: Body.of(Uint8Array.of(0xe9)),
    });
    expect(text("context.Request.Body.As<string>()", latin)).toBe("é");
    const marked = testExchange({ method: "POST", body: Body.of(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)) });
    expect(text("context.Request.Body.As<string>()", marked)).toBe("a");
  });

  it("may be XML", () => {
    const x = testExchange({ method: "POST", body: Body.text("<a><b>1</b></a>") });
    expect(text('context.Request.Body.As<XElement>(true).Element("b").Value', x)).toBe("1");
    expect(text("context.Request.Body.As<XDocument>(true).Root.Name.LocalName", x)).toBe("a");
  });

  it("may be forms", () => {
    const x = testExchange({ method: "POST", body: Body.text("a=1&b=x+y&a=2") });
    expect(text('string.Join("|", context.Request.Body.AsFormUrlEncodedContent(true)["a"])', x)).toBe("1|2");
    expect(text("context.Request.Body.AsFormUrlEncodedContent(true).ToQueryString()", x)).toBe("?a=1&a=2&b=x%20y");
    expect(text("context.Request.Body.AsFormUrlEncodedContent(true).ToFormUrlEncodedContent()", x)).toBe(
      "a=1&a=2&b=x%20y",
    );
    expect(text("JsonConvert.SerializeObject(context.Request.Body.AsFormUrlEncodedContent(true))", x)).toBe(
      '{"a":["1","2"],"b":["x y"]}',
    );
  });
});

describe("response", () => {
  const x = exchange();
  x.response = new ResponseMessage(404, "", new HeaderList(["Retry-After", "5"]), Body.text('{"e":1}'));
  x.variables.set("sent", new ResponseMessage(201, "Made", new HeaderList(["location", "/1"]), Body.text('{"id":9}')));
  it.each([
    ["context.Response.StatusCode", "404"],
    ["context.Response.StatusReason", "Not Found"],
    ['context.Response.Headers.GetValueOrDefault("retry-after", "0")', "5"],
    ["context.Response.StatusCode >= 400 && context.Response.StatusCode < 500", "True"],
    ['((IResponse)context.Variables["sent"]).StatusCode', "201"],
    ['((IResponse)context.Variables["sent"]).StatusReason', "Made"],
    ['((IResponse)context.Variables["sent"]).Headers["Location"][0]', "/1"],
    ['(int)((IResponse)context.Variables["sent"]).Body.As<JObject>(true)["id"] + 1', "10"],
    ['context.Variables.GetValueOrDefault<IResponse>("sent").Body.As<JObject>(true)["id"]', "9"],
    ['context.Variables["sent"] is IResponse', "True"],
    ['context.Variables["text"] is IResponse', "False"],
  ])("%s", (expression, expected) => {
    expect(text(expression, x)).toBe(expected);
  });
  it("is null before there is one", () => {
    expect(run("context.Response == null", exchange())).toBe(true);
    expect(run("context.Response?.StatusCode", exchange())).toBeNull();
  });
});

describe("api, product, user, subscription, error, deployment", () => {
  const x = exchange();
  x.api = {
    id: "orders",
    name: "Orders",
    path: "shop",
    revision: "2",
    version: "v1",
    isCurrentRevision: true,
    serviceUrl: parseUrl("https://h.test/base"),
    protocols: ["https"],
    subscriptionKeyParameterNames: { header: "Key", query: "key" },
    workspace: { id: "w", name: "W" },
  };
  x.operation = { id: "get", name: "Get", method: "GET", urlTemplate: "/{id}", templateQuery: [] };
  x.product = {
    id: "gold",
    name: "Gold",
    state: "Published",
    approvalRequired: false,
    subscriptionRequired: true,
    subscriptionsLimit: null,
    groups: [{ id: "g", name: "devs" }],
    apis: [{ id: "orders", name: "Orders", path: "shop" }],
  };
  x.user = {
    id: "u",
    email: "u@h.test",
    firstName: "U",
    lastName: "V",
    note: "",
    registrationDate: "2026-01-05T09:05:07Z",
    groups: [{ id: "g", name: "devs" }],
    identities: [{ id: "i", provider: "Basic" }],
  };
  x.subscription = {
    id: "s",
    name: "S",
    createdDate: "2026-01-01T00:00:00Z",
    startDate: null,
    endDate: "2027-01-01T00:00:00Z",
    user: x.user,
  };
  x.subscriptionKey = "k";
  x.lastError = {
    source: "validate-jwt",
    reason: "TokenExpired",
    message: "m",
    scope: "api",
    section: "inbound",
    path: "p",
    policyId: "id",
    httpErrorCode: 401,
  };
  it.each([
    [
      "context.Api.Id + context.Api.Name + context.Api.Path + context.Api.Revision + context.Api.Version",
      "ordersOrdersshop2v1",
    ],
    ['context.Api.IsCurrentRevision && context.Api.Protocols.Contains("https")', "True"],
    ["context.Api.ServiceUrl.Host + context.Api.ServiceUrl.Path + context.Api.ServiceUrl.Port", "h.test/base443"],
    ["context.Api.SubscriptionKeyParameterNames.Header", "Key"],
    ["context.Workspace.Name", "W"],
    ["context.Operation.Id + context.Operation.UrlTemplate", "get/{id}"],
    ['context.Product?.Name ?? "none"', "Gold"],
    ["context.Product.State == ProductState.Published", "True"],
    ["context.Product.SubscriptionsLimit ?? -1", "-1"],
    ["context.Product.Apis.First().Path", "shop"],
    ['context.User.Groups.Any(g => g.Name == "devs")', "True"],
    ["context.User.Identities.Select(i => i.Provider).First()", "Basic"],
    ["context.User.RegistrationDate.Year", "2026"],
    ["context.Subscription.Id + context.Subscription.Key", "sk"],
    ["context.Subscription.StartDate == null && context.Subscription.EndDate.Value.Year == 2027", "True"],
    ["context.Subscription?.Name", "S"],
    [
      "context.LastError.Source + context.LastError.Reason + context.LastError.HttpErrorCode",
      "validate-jwtTokenExpired401",
    ],
    [
      "context.Deployment.Region + context.Deployment.Gateway.Id + context.Deployment.Gateway.IsManaged",
      "localmanagedTrue",
    ],
    ['context.Deployment.Certificates.Any(c => c.Value.Thumbprint == "x")', "False"],
    ["context.Deployment.SustainabilityInfo.CurrentCarbonIntensity == CarbonIntensityCategory.High", "False"],
    ['context.Backend?.Id ?? "none"', "none"],
    ["context.GraphQL == null", "True"],
  ])("%s", (expression, expected) => {
    expect(text(expression, x)).toBe(expected);
  });

  it("are null where the exchange has none", () => {
    const bare = testExchange();
    for (const member of ["Api", "Operation", "Product", "User", "Subscription", "LastError", "Workspace"]) {
      expect(run(`context.${member} == null`, bare)).toBe(true);
    }
  });

  it("trace adds a line", () => {
    x.tracing = true;
    run('@{ context.Trace("here"); return null; }', x);
    expect(x.traceEntries).toMatchObject([{ message: "here", severity: "information" }]);
  });
});

describe("credentials", () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: "i", sub: "s", aud: ["a", "b"], exp: 1767603907, roles: ["admin", "dev"], scp: "x y", n: 5 })}.c2ln`;
  const x = testExchange({
    headers: { authorization: `Bearer ${token}`, basic: `Basic ${Buffer.from("user:pa:ss").toString("base64")}` },
  });
  x.variables.set("jwt", Jwt.parse(token));
  x.variables.set("auth", new Authorization("at", new Map([["c", 1]])));
  it.each([
    ['context.Request.Headers.GetValueOrDefault("authorization").AsJwt().Subject', "s"],
    [
      'context.Request.Headers.GetValueOrDefault("authorization").AsJwt()?.Claims.GetValueOrDefault("roles")',
      "admin,dev",
    ],
    ['((Jwt)context.Variables["jwt"]).Claims["roles"].Contains("admin")', "True"],
    ['((Jwt)context.Variables["jwt"]).Claims["none"].Length', "0"],
    ['((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("n", "")', "5"],
    ['((Jwt)context.Variables["jwt"]).Claims.ContainsKey("Roles")', "True"],
    [
      '((Jwt)context.Variables["jwt"]).Claims.Any(c => c.Key == "scp" && c.Value[0].Split(\' \').Contains("y"))',
      "True",
    ],
    ['((Jwt)context.Variables["jwt"]).Audiences.Last()', "b"],
    ['((Jwt)context.Variables["jwt"]).ExpirationTime', "01/05/2026 09:05:07"],
    ['((Jwt)context.Variables["jwt"]).NotBefore == null', "True"],
    ['((Jwt)context.Variables["jwt"]).Algorithm + ((Jwt)context.Variables["jwt"]).Type', "RS256JWT"],
    ['"nonsense".AsJwt() == null', "True"],
    ['context.Request.Headers.GetValueOrDefault("authorization").TryParseJwt(out Jwt t) ? t.Issuer : ""', "i"],
    ['context.Request.Headers.GetValueOrDefault("basic").AsBasic().UserId', "user"],
    ['context.Request.Headers.GetValueOrDefault("basic").AsBasic().Password', "pa:ss"],
    ['"Bearer x".AsBasic() == null && ((string)null).AsBasic() == null', "True"],
    ['context.Request.Headers.GetValueOrDefault("basic").TryParseBasic(out var b) ? b.Username : ""', "user"],
    ['"Bearer " + ((Authorization)context.Variables["auth"])?.AccessToken', "Bearer at"],
    ['((Authorization)context.Variables["auth"]).Claims["c"]', "1"],
  ])("%s", (expression, expected) => {
    expect(text(expression, x)).toBe(expected);
  });
});

describe("encryption", () => {
  const x = testExchange();
  const key = "new byte[] { 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 }";
  it("is AES-CBC and reversible", () => {
    const encrypted = `Encoding.UTF8.GetBytes("secret").Encrypt("Aes", ${key}, ${key})`;
    expect(text(`Convert.ToBase64String(${encrypted})`, x)).toBe("elp3gR2pD/4xCo+ybaroHA==");
    expect(text(`Encoding.UTF8.GetString(${encrypted}.Decrypt("Aes", ${key}, ${key}))`, x)).toBe("secret");
  });
  it("says what is wrong", () => {
    expect(thrown(`new byte[16].Decrypt("Aes", ${key}, ${key})`, x)).toContain(
      "System.Security.Cryptography.CryptographicException",
    );
    expect(thrown(`new byte[16].Encrypt("Aes", new byte[5], ${key})`, x)).toContain("not a valid size");
    expect(thrown(`new byte[16].Encrypt("Rot13", ${key}, ${key})`, x)).toContain("System.ArgumentException");
  });
});
