/** The files of an artifacts folder as text, wherever they come from: a folder on disk, a test, a conformance case. */
export interface ArtifactFiles {
  /** Shown before each path in findings (`artifacts` gives `artifacts/apis/x/policy.xml`); empty for paths alone. */
  root: string;
  /** Text by path below the root, with `/` between the segments. */
  files: ReadonlyMap<string, string>;
}

/** A file's name as findings show it. */
export function displayName(files: ArtifactFiles, path: string): string {
  return files.root === "" ? path : `${files.root.replace(/\/$/, "")}/${path}`;
}

/** A file's text without the byte order mark that the .NET tools may write. */
export function fileText(files: ArtifactFiles, path: string): string {
  const text = files.files.get(path) ?? "";
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
