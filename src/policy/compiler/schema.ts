import type { Element } from "../document/tree.ts";
import type { Scope, Section } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import type { PlanElement } from "./element.ts";
import type { Loader } from "./loader.ts";

/** Type of an attribute or text. `any`: an expression's value is kept as it is, a literal is a string. */
export type ValueType = "string" | "int" | "long" | "double" | "bool" | "char" | "any" | readonly string[];

export interface ValueSchema {
  /** A list of words is an enumeration. */
  type: ValueType;
  /** May the value be a policy expression? */
  expression: boolean;
  /** One sentence for the reference page and editors. */
  doc: string;
  required?: boolean;
  /** What applies when it is absent; documentation, and what `Loader` readers use. */
  default?: string | number | boolean;
  min?: number;
  max?: number;
  /** Literal text must match; `patternDoc` says it in words. */
  pattern?: RegExp;
  patternDoc?: string;
  /** A literal that does not match is a warning: the service saves it and fails when it runs. */
  patternWarns?: true;
  /** An expression without anything variable in it stays an expression: being one says when the value is used. */
  unfolded?: true;
}

/** Text content of an element. */
export interface TextSchema extends ValueSchema {
  /** The element may hold markup, which is taken as text (`set-body` with an XML document). */
  markup?: boolean;
  /** An element of this name, alone and with nothing but text inside, may stand around the text (`<value>` in `set-body`). */
  wrapper?: string;
  /** True for an element whose text uses `{{…}}` in another sense as well (Liquid): unknown names are left as they are. */
  foreignReferences?(element: Element): boolean;
}

/** What may stand inside an element. */
export interface ElementSchema {
  attributes?: Readonly<Record<string, ValueSchema>>;
  text?: TextSchema;
  children?: Readonly<Record<string, ChildSchema>>;
  /** `sequence`: children in the order of `children` (the default, as the service's schema); `any`: in any order. */
  order?: "sequence" | "any";
  /** Policies as children, executed as a nested list: any policy, or only those named. */
  policies?: "any" | readonly string[];
}

/** A child element: described here, or a policy used as a child (`set-header` in `return-response`). */
export type ChildSchema = (ElementSchema & { doc: string; min?: number; max?: number; policy?: never }) | PolicyChild;

export interface PolicyChild {
  policy: string;
  min?: number;
  max?: number;
}

export type Category =
  | "limits"
  | "access"
  | "authentication"
  | "validation"
  | "routing"
  | "caching"
  | "transformation"
  | "cross-domain"
  | "integration"
  | "logging"
  | "control flow";

/** What a policy does to an exchange: nothing returned when done, a promise only when it had to wait. */
export type Step = (x: Exchange) => void | Promise<void>;

/** What a message-editing policy does to a message: the current one, or one that `send-request` or `return-response` builds. */
export type MessageEdit = (x: Exchange, message: Message) => void | Promise<void>;

/** Reports a finding at an element (or one of its attributes) of the document under check; an error unless it says otherwise. */
export type Report = (at: Element, message: string, hint?: string, severity?: "error" | "warning") => void;

/** Everything there is to know about one policy; one file in policy/catalog each. */
export interface PolicyDefinition extends ElementSchema {
  name: string;
  /** One line that says what it is for. */
  summary: string;
  category: Category;
  sections: readonly Section[];
  scopes: readonly Scope[];
  /** At most once in a section of one document. */
  once?: boolean;
  /** `own`: the policy itself buffers the bodies that its conditions read, at the time it evaluates them. */
  prefetch?: "own";
  /** Rules across attributes and children that the schema cannot say. Runs on the document as written. */
  check?(element: Element, report: Report): void;
  /** Makes the step from the compiled element, once when a gateway loads the plan. */
  load(element: PlanElement, loader: Loader): Step;
  /** Message-editing policies: the edit, for use inside policies that build a message of their own. */
  edit?(element: PlanElement, loader: Loader): MessageEdit;
}

/** All scopes a policy can be attached to. */
export const ALL_SCOPES: readonly Scope[] = ["global", "workspace", "product", "api", "operation"];
export const ALL_SECTIONS: readonly Section[] = ["inbound", "backend", "outbound", "on-error"];

/** Checks the shape of a definition where it is written. */
export function definePolicy(definition: PolicyDefinition): PolicyDefinition {
  return definition;
}

/** A message-editing policy: its step edits the message of the current section. */
export function defineMessagePolicy(
  definition: Omit<PolicyDefinition, "load"> & Required<Pick<PolicyDefinition, "edit">>,
): PolicyDefinition {
  return {
    ...definition,
    load(element, loader) {
      const edit = definition.edit(element, loader);
      return (x) => edit(x, x.message);
    },
  };
}
