import { declarations as collections } from "./clr/collections/index.ts";
import { declarations as json } from "./clr/json/index.ts";
import { declarations as linq } from "./clr/linq/index.ts";
import { registerEnums } from "./clr/system/enum.ts";
import { declarations as system } from "./clr/system/index.ts";
import { declarations as unlisted } from "./clr/unlisted/index.ts";
import { declarations as xml } from "./clr/xml/index.ts";
import { declarations as context } from "./context/index.ts";
import { type Dialect, makeDialect } from "./dialect.ts";

let dialect: Dialect | undefined;

/** The dialect of policy expressions: every allowed .NET type and `context`. Made on first use. */
export function policyDialect(): Dialect {
  if (!dialect) {
    const declarations = [...system, ...collections, ...linq, ...json, ...xml, ...unlisted, ...context];
    registerEnums(declarations);
    dialect = makeDialect(declarations);
  }
  return dialect;
}
