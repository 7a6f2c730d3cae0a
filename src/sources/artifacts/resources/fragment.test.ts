import { expect, it } from "vitest";
import { readTestFiles } from "../testing.ts";

it("a fragment is its policy.xml, with or without a description", () => {
  const { catalog, findings } = readTestFiles({
    "policy fragments/a/policy.xml": "\uFEFF<fragment>a</fragment>",
    "policy fragments/b/policy.xml": "<fragment />",
    "policy fragments/b/policyFragmentInformation.json": { properties: { description: "B" } },
  });
  expect(findings).toEqual([]);
  expect(catalog.fragments).toMatchObject([
    { id: "a", policy: { file: "policy fragments/a/policy.xml", text: "<fragment>a</fragment>" } },
    { id: "b", description: "B" },
  ]);
});

it("a fragment may stand in its information file", () => {
  const { catalog } = readTestFiles({
    "policyFragments/a/policyFragmentInformation.json": { properties: { format: "rawxml", value: "<fragment />" } },
  });
  expect(catalog.fragments).toMatchObject([
    { policy: { file: "policyFragments/a/policyFragmentInformation.json#4", text: "<fragment />" } },
  ]);
});

it("a fragment without a policy is an error", () => {
  const { catalog, findings } = readTestFiles({
    "policy fragments/a/policyFragmentInformation.json": { properties: { description: "A" } },
  });
  expect(findings).toEqual([
    'policy fragments/a/policyFragmentInformation.json:1:1 error the policy fragment "a" has no policy.xml',
  ]);
  expect(catalog.fragments).toEqual([]);
});
