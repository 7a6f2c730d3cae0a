import { Dictionary } from "../collections/dictionary.ts";
import { declareType, type MemberFunction, type TypeDeclaration } from "../declare.ts";
import * as exceptions from "../exceptions.ts";
import { ArgumentException, ArgumentNullException, ArgumentOutOfRangeException, ClrException } from "../exceptions.ts";
import { exceptionToString } from "./text.ts";

type ExceptionClass = (new (...args: never[]) => ClrException) & { readonly clrName: string };
type Text = string | null;

/** Messages of exceptions made without one, where .NET has a text of its own. */
const DEFAULT_MESSAGES: Readonly<Record<string, string>> = {
  "System.SystemException": "System error.",
  "System.ArithmeticException": "Overflow or underflow in the arithmetic operation.",
  "System.FormatException": "One of the identified items was in an invalid format.",
  "System.InvalidOperationException": "Operation is not valid due to the current state of the object.",
  "System.ObjectDisposedException": "Cannot access a disposed object.",
  "System.TimeoutException": "The operation has timed out.",
  "System.Security.Cryptography.CryptographicException": "Error occurred during a cryptographic operation.",
  "System.Xml.XmlException": "An XML error has occurred.",
};

function defaultMessage(type: ExceptionClass): string {
  if (DEFAULT_MESSAGES[type.clrName]) return DEFAULT_MESSAGES[type.clrName] ?? "";
  const made = new (type as unknown as new () => ClrException)();
  const generic = made.message.startsWith("Exception of type 'System.Exception'");
  return generic ? `Exception of type '${type.clrName}' was thrown.` : made.message;
}

/** An exception of the class. The argument exceptions order their parameters differently, so they make their own. */
function make(type: ExceptionClass, message: Text, inner: ClrException | null = null): ClrException {
  const error = new (type as unknown as new (message: string) => ClrException)(message ?? defaultMessage(type));
  return inner === null ? error : Object.assign(error, { innerException: inner });
}

function constructors(type: ExceptionClass, name: string): Record<string, MemberFunction> {
  if ((type as unknown) === ArgumentNullException || (type as unknown) === ArgumentOutOfRangeException) {
    const Named = type as unknown as new (paramName: Text, message?: string) => ArgumentException;
    return {
      [`new ${name}()`]: () => new Named(null),
      [`new ${name}(string paramName)`]: (paramName: Text) => new Named(paramName),
      [`new ${name}(string paramName, string message)`]: (paramName: Text, message: Text) =>
        message === null ? new Named(paramName) : new Named(paramName, message),
      [`new ${name}(string message, Exception innerException)`]: (message: Text, inner: ClrException | null) =>
        Object.assign(new Named(null, message ?? ""), { innerException: inner }),
    };
  }
  const members: Record<string, MemberFunction> = {
    [`new ${name}()`]: () => make(type, null),
    [`new ${name}(string message)`]: (message: Text) => make(type, message),
    [`new ${name}(string message, Exception innerException)`]: (message: Text, inner: ClrException | null) =>
      make(type, message, inner),
  };
  if ((type as unknown) === ArgumentException) {
    members[`new ${name}(string message, string paramName)`] = (message: Text, paramName: Text) =>
      new ArgumentException(message ?? defaultMessage(type), paramName);
  }
  return members;
}

const data = new WeakMap<ClrException, Dictionary>();

function dataOf(error: ClrException): Dictionary {
  let known = data.get(error);
  if (!known) data.set(error, (known = new Dictionary("object", "object")));
  return known;
}

/** The members of `System.Exception`. There is no .NET stack, and the gateway's own must not show. */
const exceptionMembers: Record<string, MemberFunction> = {
  "string Message { get; }": (error: ClrException) => error.message,
  "Exception InnerException { get; }": (error: ClrException) => error.innerException,
  "string StackTrace { get; }": () => "   at Expression.Evaluate()",
  "System.Collections.IDictionary Data { get; }": dataOf,
  "string Source { get; }": () => "Expression",
  "string HelpLink { get; }": () => null,
  "int HResult { get; }": () => -2146233088,
  "Exception GetBaseException()": (error: ClrException) => {
    let base = error;
    while (base.innerException !== null) base = base.innerException;
    return base;
  },
  "string ToString()": exceptionToString,
};

function exceptionType(type: ExceptionClass): TypeDeclaration {
  const { clrName } = type;
  const base = (Object.getPrototypeOf(type) as ExceptionClass).clrName;
  const root = clrName === "System.Exception";
  return declareType({
    name: clrName,
    kind: "class",
    ...(root ? {} : { base }),
    is: (value) => value instanceof type,
    toString: exceptionToString,
    members: {
      ...constructors(type, clrName.slice(clrName.lastIndexOf(".") + 1)),
      ...(root ? exceptionMembers : {}),
      ...((type as unknown) === ArgumentException
        ? { "string ParamName { get; }": (error: ArgumentException) => error.paramName }
        : {}),
    },
  });
}

function isExceptionClass(value: unknown): value is ExceptionClass {
  return value === ClrException || (typeof value === "function" && value.prototype instanceof ClrException);
}

/** One declaration for every class of exceptions.ts. */
export const exceptionTypes: TypeDeclaration[] = (Object.values(exceptions) as unknown[])
  .filter(isExceptionClass)
  .map(exceptionType);
