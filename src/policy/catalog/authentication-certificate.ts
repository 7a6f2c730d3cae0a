import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { PolicyError } from "../exchange/errors.ts";
import { OutgoingMessage } from "../exchange/message.ts";
import { chain } from "./async/chain.ts";
import { openCertificateFile, type PresentedCertificate } from "./authentication/certificate-file.ts";

export const authenticationCertificate = definePolicy({
  name: "authentication-certificate",
  summary: "Presents a client certificate to the backend.",
  category: "authentication",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    thumbprint: { type: "string", expression: true, doc: "Thumbprint (SHA-1) of an uploaded certificate." },
    "certificate-id": { type: "string", expression: true, doc: "Id of an uploaded certificate." },
    body: { type: "any", expression: true, doc: "The certificate itself: a PKCS#12 file as bytes, or as base64 text." },
    password: { type: "string", expression: true, doc: "Password of the certificate file." },
  },
  check(element, report) {
    const ids = ["thumbprint", "certificate-id"].filter((name) => attribute(element, name));
    if (ids.length === 1 || (ids.length === 0 && attribute(element, "body"))) return;
    report(element, '<authentication-certificate> needs exactly one of "thumbprint" and "certificate-id", or "body"');
  },
  load(element, loader) {
    const presented = certificateOf(element, loader);
    return (x) =>
      chain(presented(x), (certificate) => {
        x.backendCertificate = certificate;
      });
  },
  edit(element, loader) {
    const presented = certificateOf(element, loader);
    return (x, message) =>
      chain(presented(x), (certificate) => {
        if (message instanceof OutgoingMessage) message.clientCertificate = certificate;
        else x.backendCertificate = certificate;
      });
  },
});

type Presented = PresentedCertificate | Promise<PresentedCertificate>;

function certificateOf(element: PlanElement, loader: Loader): Evaluate<Presented> {
  const { attributes = {} } = element;
  if (attributes.body !== undefined) return certificateInPolicy(element, loader);
  const name = attributes.thumbprint === undefined ? "certificate-id" : "thumbprint";
  const id = loader.text(element, name);
  return (x) => {
    const wanted = id(x).trim();
    // People copy thumbprints with the spaces and invisible marks of certificate dialogs.
    const found = x.services.certificate(name === "thumbprint" ? wanted.replace(/[^0-9a-f]/gi, "") : wanted);
    if (!found) throw unusable(`There is no certificate with the ${name} "${wanted}".`);
    const { cert, key } = found;
    if (key === undefined) throw unusable(`This gateway does not have the private key of the certificate "${wanted}".`);
    return { cert, key };
  };
}

function certificateInPolicy(element: PlanElement, loader: Loader): Evaluate<Presented> {
  const file = loader.any(element.attributes?.body);
  const password = loader.optionalText(element, "password");
  return (x) => {
    const body = file(x);
    if (!(body instanceof Uint8Array) && typeof body !== "string") throw unusable("The certificate is not a byte[].");
    const opened = openCertificateFile(body, password(x));
    return opened instanceof Promise ? opened.catch(unreadable) : opened;
  };
}

function unreadable(error: unknown): never {
  throw unusable(`The certificate cannot be read: ${error instanceof Error ? error.message : "it is damaged"}.`);
}

/** The author's mistake, not the caller's: the caller learns nothing about it (status and reason unconfirmed). */
function unusable(message: string): PolicyError {
  return new PolicyError("CertificateNotAvailable", 500, message, { publicMessage: "Internal server error" });
}
