import type { NamedValueResource, SubscriptionResource, UserResource } from "../../../model/catalog.ts";
import type { Draft } from "../context.ts";

/** Display names of named values are unique: they are what `{{…}}` refers to (2.12). */
export function checkNamedValues(drafts: readonly Draft<NamedValueResource>[]): void {
  const names = new Map<string, Draft<NamedValueResource>>();
  for (const draft of drafts) {
    const { displayName } = draft.resource;
    const other = names.get(displayName);
    if (other) {
      const message = `the named values "${other.resource.id}" and "${draft.resource.id}" have the same display name "${displayName}"`;
      draft.properties.error(
        draft.properties.has("displayName") ? "displayName" : undefined,
        "duplicate-name",
        message,
      );
    } else names.set(displayName, draft);
  }
}

/** A key belongs to one subscription (2.9). Findings never show it. */
export function checkKeys(drafts: readonly Draft<SubscriptionResource>[]): void {
  const keys = new Map<string, string>();
  for (const draft of drafts) {
    for (const name of ["primaryKey", "secondaryKey"] as const) {
      const key = draft.resource[name];
      if (key === undefined) continue;
      const other = keys.get(key);
      if (other !== undefined && other !== draft.resource.id) {
        const message = `"${name}" is a key of the subscription "${other}" already`;
        draft.properties.error(name, "duplicate-key-value", message);
      } else keys.set(key, draft.resource.id);
    }
  }
}

/** Email addresses are unique, whatever their case (2.10). */
export function checkEmails(drafts: readonly Draft<UserResource>[]): void {
  const emails = new Map<string, string>();
  for (const draft of drafts) {
    const key = draft.resource.email.toLowerCase();
    const other = emails.get(key);
    if (other !== undefined && key !== "") {
      draft.properties.error("email", "duplicate-email", `the email address belongs to the user "${other}" already`);
    } else emails.set(key, draft.resource.id);
  }
}
