// The policies for tests of lower layers, which are handed the list as the plan compiler hands it to them.
export { policies, unsupportedPolicies } from "../catalog/index.ts";
