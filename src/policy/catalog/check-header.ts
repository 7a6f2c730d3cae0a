import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { denial, STATUS_RANGE } from "./access/denial.ts";
import { FIELD_NAME, FIELD_NAME_DOC } from "./messages/header-field.ts";

export const checkHeader = definePolicy({
  name: "check-header",
  summary: "Refuses requests without a header, or with a value of it that is not allowed.",
  category: "access",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    name: {
      type: "string",
      expression: true,
      required: true,
      pattern: FIELD_NAME,
      patternDoc: FIELD_NAME_DOC,
      doc: "Name of the header.",
    },
    "failed-check-httpcode": {
      type: "int",
      expression: true,
      required: true,
      ...STATUS_RANGE,
      doc: "Status of the refusal.",
    },
    "failed-check-error-message": {
      type: "string",
      expression: true,
      doc: "Message of the refusal; by default one that says what is wrong.",
    },
    "ignore-case": { type: "bool", expression: true, default: false, doc: "Compare values without regard to case." },
  },
  children: {
    value: {
      doc: "An allowed value; without any, the header only has to be there.",
      text: { type: "string", expression: true, doc: "The value." },
    },
  },
  load(element, loader) {
    const nameOf = loader.text(element, "name");
    const status = loader.int(element, "failed-check-httpcode", 403);
    const message = loader.optionalText(element, "failed-check-error-message");
    const ignoreCase = loader.bool(element, "ignore-case", false);
    const allowed = loader.children(element, "value").map((value) => loader.textOf(value.text));
    return (x) => {
      const name = nameOf(x).trim();
      // Several lines count as one value joined by commas, which a listed value will hardly equal (unconfirmed).
      const value = x.request.headers.get(name);
      if (value === undefined || value === "") {
        const text = `Header ${name} was not found in the request. Access denied.`;
        throw denial("HeaderNotFound", text, status(x), message(x));
      }
      if (allowed.length === 0) return;
      const fold = ignoreCase(x);
      const wanted = fold ? value.toLowerCase() : value;
      for (const candidate of allowed) {
        const text = candidate(x);
        if ((fold ? text.toLowerCase() : text) === wanted) return;
      }
      const text = `Header ${name} value of ${value} is not allowed. Access denied.`;
      throw denial("HeaderValueNotAllowed", text, status(x), message(x));
    };
  },
});
