import type { UserResource } from "../../../model/catalog.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import { readLinks } from "../links.ts";
import type { Properties } from "../properties.ts";
import { resolveReference } from "../resolve.ts";
import type { ResourceFolder } from "../tree.ts";
import { readDate } from "./date.ts";

const KNOWN = [
  "email",
  "firstName",
  "lastName",
  "note",
  "state",
  "registrationDate",
  "groups",
  "identities",
  "password",
  "appType",
  "confirmation",
];

/**
 * `users/{u}/userInformation.json`, in the style of the other folders (2.10); the original tools know no users.
 * Groups stand in `properties.groups`, in `groups.json` or in `groups/{g}/userGroupInformation.json`.
 */
export function readUser(folder: ResourceFolder, context: ReadContext): Draft<UserResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const email = properties.requiredText("email", { max: 254 }) ?? "";
  if (email !== "" && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    properties.error("email", "invalid-property", `"${email}" is no email address`);
  }
  const groups = new Set<string>();
  for (const text of properties.texts("groups") ?? []) {
    const group = resolveReference(properties, "groups", text, "group", context);
    if (group !== undefined) groups.add(group);
  }
  for (const link of readLinks(folder, "group", context)) groups.add(link.id);
  // Membership of this group is automatic (2.11).
  groups.add("developers");
  return {
    properties,
    resource: {
      ...identity,
      email,
      firstName: properties.text("firstName", { max: 100 }) ?? "",
      lastName: properties.text("lastName", { max: 100 }) ?? "",
      state: properties.choice("state", ["active", "blocked", "pending", "deleted"]) ?? "active",
      groups: [...groups],
      identities: readIdentities(properties),
      ...defined({ note: properties.text("note"), registrationDate: readDate(properties, "registrationDate") }),
    },
  };
}

function readIdentities(properties: Properties): { id: string; provider: string }[] {
  return properties.objects("identities").flatMap((identity) => {
    const id = identity.requiredText("id");
    const provider = identity.requiredText("provider");
    return id === undefined || provider === undefined ? [] : [{ id, provider }];
  });
}
