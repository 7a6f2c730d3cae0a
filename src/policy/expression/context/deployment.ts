import type { Exchange } from "../../exchange/exchange.ts";
import type { Services } from "../../exchange/services.ts";
import { enumValue } from "../clr/box.ts";
import { KeyValuePair } from "../clr/collections/key-value-pair.ts";
import type { ReadOnlyDictionary } from "../clr/collections/protocol.ts";
import { declareType, type TypeDeclaration } from "../clr/declare.ts";
import { certificateOfPem } from "./certificate.ts";

/** `context.Deployment.Certificates`: the gateway's certificate resources, by id; a thumbprint finds them too. */
class CertificateDictionary implements ReadOnlyDictionary {
  readonly #services: Services;
  constructor(services: Services) {
    this.#services = services;
  }

  get keys(): readonly string[] {
    return this.#services.certificateIds?.() ?? [];
  }

  get values(): unknown[] {
    return this.keys.map((id) => this.lookup(id));
  }

  get count(): number {
    return this.keys.length;
  }

  lookup(key: unknown): unknown {
    const found = this.#services.certificate(String(key));
    return found ? certificateOfPem(found.cert, found.key) : undefined;
  }

  *[Symbol.iterator](): Iterator<KeyValuePair> {
    for (const id of this.keys) yield new KeyValuePair(id, this.lookup(id));
  }
}

const carbon = { NotAvailable: 0, VeryLow: 1, Low: 2, Medium: 3, High: 4, VeryHigh: 5 };
const backendTypes = { Single: 0, Pool: 1 };

/** Facts about the gateway. The services object stands for the deployment. */
export const deploymentTypes: TypeDeclaration[] = [
  declareType({
    name: "Gatehouse.IDeployment",
    kind: "interface",
    members: {
      "System.Collections.Generic.IReadOnlyDictionary<string, X509Certificate2> Certificates { get; }": (
        services: Services,
      ) => new CertificateDictionary(services),
      "IGateway Gateway { get; }": (services: Services) => services,
      "string GatewayId { get; }": (services: Services) => services.deployment.gatewayId,
      "string Region { get; }": (services: Services) => services.deployment.region,
      "string ServiceId { get; }": (services: Services) => services.deployment.serviceId,
      "string ServiceName { get; }": (services: Services) => services.deployment.serviceName,
      "ISustainabilityInfo SustainabilityInfo { get; }": (services: Services) => services,
    },
  }),
  declareType({
    name: "Gatehouse.IGateway",
    kind: "interface",
    members: {
      "string Id { get; }": (services: Services) => services.deployment.gatewayId,
      "string InstanceId { get; }": (services: Services) => services.deployment.instanceId,
      "bool IsManaged { get; }": (services: Services) => services.deployment.managed,
    },
  }),
  declareType({ name: "Gatehouse.CarbonIntensityCategory", kind: "enum", values: carbon }),
  declareType({
    name: "Gatehouse.ISustainabilityInfo",
    kind: "interface",
    members: {
      // Only the service measures it.
      "CarbonIntensityCategory CurrentCarbonIntensity { get; }": () =>
        enumValue("Gatehouse.CarbonIntensityCategory", carbon, 0),
    },
  }),
  declareType({ name: "Gatehouse.BackendType", kind: "enum", values: backendTypes }),
  declareType({
    name: "Gatehouse.IBackend",
    kind: "interface",
    members: {
      "string AzureRegion { get; }": () => null,
      "string Id { get; }": (x: Exchange) => (x.backend.kind === "entity" ? x.backend.id : null),
      "BackendType Type { get; }": (x: Exchange) => {
        const type = x.backend.kind === "entity" ? x.services.backends.type(x.backend.id) : undefined;
        return enumValue("Gatehouse.BackendType", backendTypes, backendTypes[type ?? "Single"]);
      },
    },
  }),
];
