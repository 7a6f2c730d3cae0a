import { Box, type ClrArray } from "../box.ts";
import { declareType } from "../declare.ts";
import { ArgumentNullException, ObjectDisposedException } from "../exceptions.ts";
import { textOfCharRange } from "./char-array.ts";
import { utf16 } from "./encoding.ts";
import { compositeFormat } from "./format.ts";
import type { ClrObject } from "./protocol.ts";
import { StringBuilder } from "./string-builder.ts";
import { boxedToString, NEW_LINE } from "./text.ts";

type Text = string | null;

/** `System.IO.StringReader`: reads a string from front to end. Also what stands for a `TextReader`. */
export class StringReader {
  readonly clrName = "System.IO.StringReader";
  readonly #text: string;
  #at = 0;
  #closed = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next character without taking it, -1 at the end. @throws ObjectDisposedException once closed */
  peek(): number {
    this.#check();
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1;
  }

  read(): number {
    const unit = this.peek();
    if (unit >= 0) this.#at++;
    return unit;
  }

  /** Up to `count` characters. */
  readPart(count: number): string {
    this.#check();
    const part = this.#text.slice(this.#at, this.#at + count);
    this.#at += part.length;
    return part;
  }

  /** The next line without its end (`\n`, `\r` or `\r\n`), null at the end. */
  readLine(): string | null {
    this.#check();
    if (this.#at >= this.#text.length) return null;
    let end = this.#at;
    while (end < this.#text.length && this.#text[end] !== "\n" && this.#text[end] !== "\r") end++;
    const line = this.#text.slice(this.#at, end);
    this.#at =
      this.#text[end] === "\r" && this.#text[end + 1] === "\n" ? end + 2 : Math.min(end + 1, this.#text.length);
    return line;
  }

  readToEnd(): string {
    return this.readPart(this.#text.length);
  }

  dispose(): void {
    this.#closed = true;
  }

  #check(): void {
    if (this.#closed) throw new ObjectDisposedException("Cannot read from a closed TextReader.");
  }
}

/** `System.IO.StringWriter`: writes into a StringBuilder. Also what stands for a `TextWriter`. */
export class StringWriter implements ClrObject {
  readonly clrName = "System.IO.StringWriter";
  readonly builder: StringBuilder;
  #closed = false;

  constructor(builder: StringBuilder) {
    this.builder = builder;
  }

  /** @throws ObjectDisposedException once closed */
  write(text: string): void {
    if (this.#closed) throw new ObjectDisposedException("Cannot write to a closed TextWriter.");
    this.builder.append(text);
  }

  dispose(): void {
    this.#closed = true;
  }

  toClrString(): string {
    return this.builder.text;
  }
}

const readerType = declareType({
  name: "System.IO.TextReader",
  kind: "class",
  interfaces: ["System.IDisposable"],
  is: (value) => value instanceof StringReader,
  members: {
    "void Close()": (reader: StringReader) => reader.dispose(),
    "void Dispose()": (reader: StringReader) => reader.dispose(),
    "int Peek()": (reader: StringReader) => reader.peek(),
    "int Read()": (reader: StringReader) => reader.read(),
    "int Read(char[] buffer, int index, int count)": (
      reader: StringReader,
      buffer: ClrArray,
      index: number,
      count: number,
    ) => {
      const part = reader.readPart(count);
      for (let i = 0; i < part.length; i++) buffer.items[index + i] = new Box("Char", part.charCodeAt(i));
      return part.length;
    },
    "string ReadLine()": (reader: StringReader) => reader.readLine(),
    "string ReadToEnd()": (reader: StringReader) => reader.readToEnd(),
  },
});

const stringReaderType = declareType({
  name: "System.IO.StringReader",
  kind: "class",
  base: "System.IO.TextReader",
  is: (value) => value instanceof StringReader,
  members: {
    "new StringReader(string s)": (text: Text) => {
      if (text === null) throw new ArgumentNullException("s");
      return new StringReader(text);
    },
  },
});

const writerType = declareType({
  name: "System.IO.TextWriter",
  kind: "class",
  interfaces: ["System.IDisposable"],
  is: (value) => value instanceof StringWriter,
  members: {
    "Encoding Encoding { get; }": () => utf16,
    "string NewLine { get; }": () => NEW_LINE,
    "void Close()": (writer: StringWriter) => writer.dispose(),
    "void Dispose()": (writer: StringWriter) => writer.dispose(),
    "void Flush()": () => undefined,
    "void Write(char value)": (writer: StringWriter, unit: number) => writer.write(String.fromCharCode(unit)),
    "void Write(string value)": (writer: StringWriter, text: Text) => writer.write(text ?? ""),
    "void Write(object value)": (writer: StringWriter, value: unknown) => writer.write(boxedToString(value)),
    "void Write(char[] buffer, int index, int count)": (
      writer: StringWriter,
      chars: ClrArray | null,
      i: number,
      n: number,
    ) => writer.write(textOfCharRange(chars, i, n, "buffer")),
    "void Write(string format, params object[] arg)": (writer: StringWriter, format: Text, args: ClrArray | null) =>
      writer.write(compositeFormat(format, args?.items ?? [])),
    "void WriteLine()": (writer: StringWriter) => writer.write(NEW_LINE),
    "void WriteLine(string value)": (writer: StringWriter, text: Text) => writer.write((text ?? "") + NEW_LINE),
    "void WriteLine(object value)": (writer: StringWriter, value: unknown) =>
      writer.write(boxedToString(value) + NEW_LINE),
    "void WriteLine(string format, params object[] arg)": (writer: StringWriter, format: Text, args: ClrArray | null) =>
      writer.write(compositeFormat(format, args?.items ?? []) + NEW_LINE),
  },
});

const stringWriterType = declareType({
  name: "System.IO.StringWriter",
  kind: "class",
  base: "System.IO.TextWriter",
  is: (value) => value instanceof StringWriter,
  toString: (value: StringWriter) => value.toClrString(),
  members: {
    "new StringWriter()": () => new StringWriter(new StringBuilder("")),
    "new StringWriter(StringBuilder sb)": (builder: StringBuilder | null) => {
      if (builder === null) throw new ArgumentNullException("sb");
      return new StringWriter(builder);
    },
    "StringBuilder GetStringBuilder()": (writer: StringWriter) => writer.builder,
    "string ToString()": (writer: StringWriter) => writer.toClrString(),
  },
});

export const stringIoTypes = [readerType, stringReaderType, writerType, stringWriterType];
