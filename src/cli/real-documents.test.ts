// Documents as people published them: data that stands beside the repository on the machines that have it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileStandalone } from "../plan/compile-standalone.ts";

const CORPUS = fileURLToPath(new URL("../../../shared/corpus/open", import.meta.url));
const LIST = fileURLToPath(new URL("../../docs/real-documents.md", import.meta.url));

describe.runIf(existsSync(CORPUS))("real documents", () => {
  test("all are read without loss, and compile but for those that are listed with the reason", () => {
    const listed = [...readFileSync(LIST, "utf8").matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
    const files = (readdirSync(CORPUS, { recursive: true }) as string[]).filter((file) =>
      /\.(xml|cshtml)(\.example)?$/.test(file),
    );
    expect(files.length).toBeGreaterThan(100);
    const failing: string[] = [];
    for (const file of files.sort()) {
      const found = compileStandalone(file, readFileSync(join(CORPUS, file), "utf8"));
      expect(found.filter((d) => d.code === "not-lossless")).toEqual([]);
      if (found.some((d) => d.severity === "error")) failing.push(relative(".", file));
    }
    expect(failing).toEqual(listed);
  });
});
