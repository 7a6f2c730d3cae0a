import { literalText } from "../compiler/element.ts";
import { ALL_SCOPES, defineMessagePolicy } from "../compiler/schema.ts";

export const authenticationBasic = defineMessagePolicy({
  name: "authentication-basic",
  summary: "Sends a user name and password to the backend (HTTP Basic authentication).",
  category: "authentication",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    username: { type: "string", expression: true, required: true, doc: "User name." },
    password: { type: "string", expression: true, required: true, doc: "Password." },
  },
  edit(element, loader) {
    const username = loader.text(element, "username");
    const password = loader.text(element, "password");
    const name = literalText(element.attributes?.username);
    const word = literalText(element.attributes?.password);
    const constant = name !== undefined && word !== undefined ? basic(name, word) : undefined;
    return (x, message) => {
      message.headers.set("Authorization", constant ?? basic(username(x), password(x)));
    };
  },
});

/** RFC 7617 credentials in UTF-8. */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}
