import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../model/diagnostic.ts";
import { FolderReader, readFolder } from "./folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gatehouse-folder-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function findings(limits?: Parameters<typeof readFolder>[1]): Promise<string[]> {
  const { diagnostics } = await readFolder(folder, limits);
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, "F"));
}

describe("reading a folder", () => {
  it("gives the texts by path, in order", async () => {
    await write("policy.xml", "<policies />");
    await write("apis/a/apiInformation.json", "{}");
    await write("named values/n/namedValueInformation.json", "{}");
    const { files, diagnostics } = await readFolder(folder);
    expect(diagnostics).toEqual([]);
    expect(files.root).toBe(folder);
    expect([...files.files]).toEqual([
      ["apis/a/apiInformation.json", "{}"],
      ["named values/n/namedValueInformation.json", "{}"],
      ["policy.xml", "<policies />"],
    ]);
  });

  it("passes over what is hidden or no text of ours", async () => {
    for (const path of [".git/x.json", "node_modules/x.json", ".hidden.json", "logo.png", "README.md"])
      await write(path, "x");
    expect((await readFolder(folder)).files.files.size).toBe(0);
  });

  it("reads UTF-16 as PowerShell writes it, and refuses other encodings", async () => {
    await write("a.json", Buffer.from("\uFEFF{}", "utf16le"));
    await write("b.json", Buffer.from([0x22, 0xe9, 0x22]));
    const { files } = await readFolder(folder);
    expect(files.files.get("a.json")).toBe("{}");
    expect(await findings()).toEqual([
      "F/b.json:1:1 error the file cannot be read: it is neither UTF-8 nor UTF-16 text",
    ]);
  });

  it("does not follow links out of the folder, nor in circles", async () => {
    await write("apis/a/policy.xml", "<policies />");
    await symlink(tmpdir(), join(folder, "outside"));
    await symlink("/etc/hostname", join(folder, "host.json"));
    await symlink(folder, join(folder, "apis/self"));
    await symlink(join(folder, "apis/a/policy.xml"), join(folder, "policy.xml"));
    await symlink(join(folder, "nothing"), join(folder, "broken.json"));
    const { files } = await readFolder(folder);
    expect([...files.files.keys()]).toEqual(["apis/a/policy.xml", "policy.xml"]);
    expect(await findings()).toEqual([
      "F/host.json:1:1 warning the link leads out of the folder and is not followed",
      "F/outside:1:1 warning the link leads out of the folder and is not followed",
    ]);
  });

  it("has limits", async () => {
    await write("a/b/c/d.json", "12345");
    await write("e.json", "12");
    expect(await findings({ depth: 1 })).toEqual(["F/a/b:1:1 warning folders more than 1 deep are not read"]);
    expect(await findings({ fileBytes: 4 })).toEqual([
      "F/a/b/c/d.json:1:1 error the file has 5 bytes; at most 4 are read",
    ]);
    expect(await findings({ files: 1 })).toEqual([
      "F:1:1 error the folder holds 2 files of 7 bytes together; at most 1 files and 536870912 bytes are read",
    ]);
    expect(await findings({ totalBytes: 6 })).toHaveLength(1);
  });

  it("says that there is no folder", async () => {
    const { files, diagnostics } = await readFolder(join(folder, "none"));
    expect(files.files.size).toBe(0);
    expect(diagnostics).toMatchObject([{ severity: "error", message: "the folder cannot be read: ENOENT" }]);
  });
});

it("reading again gives what is on the disk by then", async () => {
  const reader = new FolderReader(folder);
  await write("a.json", "1");
  await write("b.json", "2");
  expect([...(await reader.read()).files.files.values()]).toEqual(["1", "2"]);
  await write("b.json", "33");
  await rm(join(folder, "a.json"));
  expect([...(await reader.read()).files.files]).toEqual([["b.json", "33"]]);
});
