import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FolderRead, readFolder } from "./folder.ts";
import { type FolderWatch, watchFolder } from "./watch.ts";

let folder: string;
let watching: FolderWatch;
let reads: FolderRead[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gatehouse-watch-"));
  await writeFile(join(folder, "policy.xml"), "one");
  reads = [];
  watching = watchFolder(folder, (read) => reads.push(read), { known: await readFolder(folder), quiet: 10 });
});

afterEach(async () => {
  watching.close();
  await rm(folder, { recursive: true });
});

/** Waits until the last read shows the text for the path; the test's own time limit ends it otherwise. */
async function until(path: string, text: string | undefined): Promise<void> {
  while (reads.length === 0 || reads.at(-1)?.files.files.get(path) !== text) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it("tells about files that are changed, made in new folders, replaced and removed", async () => {
  await writeFile(join(folder, "policy.xml"), "two");
  await until("policy.xml", "two");
  await mkdir(join(folder, "apis/a"), { recursive: true });
  await writeFile(join(folder, "apis/a/policy.xml"), "new");
  await until("apis/a/policy.xml", "new");
  await writeFile(join(folder, "apis/a/.policy.xml.swp"), "replaced");
  await rename(join(folder, "apis/a/.policy.xml.swp"), join(folder, "apis/a/policy.xml"));
  await until("apis/a/policy.xml", "replaced");
  await rm(join(folder, "apis"), { recursive: true });
  await until("apis/a/policy.xml", undefined);
});

it("does not show a file that is emptied before it is written", async () => {
  watching.close();
  // The emptied file is waited for four times as long as the quiet period.
  watching = watchFolder(folder, (read) => reads.push(read), { known: await readFolder(folder), quiet: 300 });
  await writeFile(join(folder, "policy.xml"), "");
  await new Promise((resolve) => setTimeout(resolve, 350));
  await writeFile(join(folder, "policy.xml"), "two");
  await until("policy.xml", "two");
  expect(reads.map((read) => read.files.files.get("policy.xml"))).not.toContain("");
});

it("shows a file that stays empty", async () => {
  await writeFile(join(folder, "policy.xml"), "");
  await until("policy.xml", "");
});

it("tells what changed between the first read and the watch", async () => {
  const known = await readFolder(folder);
  await writeFile(join(folder, "policy.xml"), "later");
  const late: FolderRead[] = [];
  const other = watchFolder(folder, (read) => late.push(read), { known, quiet: 10 });
  try {
    while (late.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(late[0]?.files.files.get("policy.xml")).toBe("later");
  } finally {
    other.close();
  }
});

it("looks again and again at a folder that cannot be watched yet", async () => {
  const missing = join(folder, "later");
  const late: FolderRead[] = [];
  const other = watchFolder(missing, (read) => late.push(read), {
    known: await readFolder(missing),
    quiet: 10,
    poll: 20,
  });
  try {
    await mkdir(missing);
    await writeFile(join(missing, "policy.xml"), "here");
    while (late.at(-1)?.files.files.get("policy.xml") !== "here")
      await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    other.close();
  }
});
